"""Addresses of the registry, a module a topic."""

from __future__ import annotations

from portal.registry.urls import counterparties, parties, products, watch_lists

urlpatterns = [
    *products.urlpatterns,
    *counterparties.urlpatterns,
    *parties.urlpatterns,
    *watch_lists.urlpatterns,
]
