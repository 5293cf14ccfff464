"""Addresses of who has filed, of organisations, and of what every list has."""

from django.urls import URLPattern, path

from reporting.views import organisations, oversight

urlpatterns: list[URLPattern] = [
    path("supervision/obligations/", oversight.obligation_list, name="obligation_list"),
    path("supervision/organisations/", organisations.organisation_list, name="organisation_list"),
    path("supervision/organisations/find/", oversight.organisation_find, name="organisation_find"),
    path(
        "supervision/organisations/<int:organisation_id>/",
        organisations.organisation_view,
        name="organisation_view",
    ),
    path("supervision/views/save/", oversight.view_save, name="view_save"),
    path("supervision/views/<int:view_id>/delete/", oversight.view_delete, name="view_delete"),
]
