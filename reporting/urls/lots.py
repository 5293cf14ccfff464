"""Addresses of the trace of a lot."""

from django.urls import URLPattern, path

from reporting.views import lots

urlpatterns: list[URLPattern] = [
    path("lots/", lots.own_lot_trace, name="own_lot_trace"),
    path("supervision/lots/", lots.lot_trace, name="lot_trace"),
]
