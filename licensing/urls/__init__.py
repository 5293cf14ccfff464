"""Addresses of licensing, a module a topic."""

from __future__ import annotations

from django.urls import URLPattern

from licensing.urls import applications, casework, control_list, customs, licences

urlpatterns: list[URLPattern] = [
    *control_list.urlpatterns,
    *customs.urlpatterns,
    *applications.urlpatterns,
    *licences.urlpatterns,
    *casework.urlpatterns,
]
