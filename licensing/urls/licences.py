"""Addresses of licences and their papers."""

from django.urls import URLPattern, path

from licensing.views import licences, papers

urlpatterns: list[URLPattern] = [
    path("licences/", licences.licence_list, name="licence_list"),
    path("licences/letters/<int:letter_id>/", papers.licence_letter, name="licence_letter"),
    path("licences/<int:licence_id>/", licences.licence_view, name="licence_view"),
    path("licences/<int:licence_id>/document/", papers.licence_document, name="licence_document"),
    path("licences/<int:licence_id>/surrender/", licences.licence_surrender, name="licence_surrender"),
]
