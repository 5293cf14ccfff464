"""An organisation's own clients and suppliers."""

from django.urls import path

from portal.registry.views import counterparties

urlpatterns = [
    path("counterparties/", counterparties.counterparty_list, name="counterparty_list"),
    path("counterparties/add/", counterparties.counterparty_add, name="counterparty_add"),
    path(
        "counterparties/suggestions/",
        counterparties.counterparty_suggestions,
        name="counterparty_suggestions",
    ),
    path("counterparties/<int:counterparty_id>/", counterparties.counterparty_view, name="counterparty_view"),
    path(
        "counterparties/<int:counterparty_id>/edit/",
        counterparties.counterparty_edit,
        name="counterparty_edit",
    ),
    path(
        "counterparties/<int:counterparty_id>/retire/",
        counterparties.counterparty_retire,
        name="counterparty_retire",
    ),
]
