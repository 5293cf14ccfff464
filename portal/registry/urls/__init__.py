"""Addresses of the registry, a module a topic."""

from __future__ import annotations

from portal.registry.urls import counterparties, parties, products

urlpatterns = [*products.urlpatterns, *counterparties.urlpatterns, *parties.urlpatterns]
