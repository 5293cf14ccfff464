"""Addresses of licensing, a module a topic."""

from __future__ import annotations

from django.urls import URLPattern

from licensing.urls import control_list, customs

urlpatterns: list[URLPattern] = [*control_list.urlpatterns, *customs.urlpatterns]
