"""Addresses of licensing, a module a topic."""

from django.urls import URLPattern

from licensing.urls import applications, casework, licences

urlpatterns: list[URLPattern] = [
    *applications.urlpatterns,
    *licences.urlpatterns,
    *casework.urlpatterns,
]
