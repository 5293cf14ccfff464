"""Who is who, for the regulator."""

from django.urls import path

from portal.registry.views import parties

urlpatterns = [
    path("supervision/parties/", parties.party_list, name="party_list"),
    path("supervision/parties/proposals/", parties.proposal_list, name="proposal_list"),
    path("supervision/parties/proposals/<int:proposal_id>/", parties.proposal_view, name="proposal_view"),
    path(
        "supervision/parties/proposals/<int:proposal_id>/decide/",
        parties.proposal_decide,
        name="proposal_decide",
    ),
    path(
        "supervision/parties/decisions/<int:decision_id>/undo/", parties.decision_undo, name="decision_undo"
    ),
    path("supervision/parties/of/<int:counterparty_id>/", parties.party_view, name="party_view"),
]
