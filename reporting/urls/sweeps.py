"""Addresses of sweeps."""

from django.urls import URLPattern, path

from reporting.views import sweeps

urlpatterns: list[URLPattern] = [
    path("supervision/sweeps/", sweeps.sweep_list, name="sweep_list"),
    path("supervision/sweeps/start/", sweeps.sweep_start, name="sweep_start"),
    path("supervision/sweeps/<int:sweep_id>/", sweeps.sweep_view, name="sweep_view"),
]
