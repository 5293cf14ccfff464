"""Addresses of customs."""

from __future__ import annotations

from django.urls import URLPattern, path

from licensing.views import customs

urlpatterns: list[URLPattern] = [
    path("customs/", customs.customs_home, name="customs_home"),
    path("customs/check/", customs.customs_check, name="customs_check"),
    path("customs/declarations/", customs.customs_records, name="customs_records"),
    path("customs/batch/", customs.customs_batch, name="customs_batch"),
]
