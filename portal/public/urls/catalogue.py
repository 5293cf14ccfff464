"""Addresses of the catalogue of checks: stable, because every finding links here."""

from django.urls import path

from portal.public.views import catalogue

urlpatterns = [
    path("checks/", catalogue.check_list, name="check_list"),
    path("checks/<str:code>/", catalogue.check_view, name="check_view"),
]
