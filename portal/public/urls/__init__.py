"""Addresses that need no account, a module a topic."""

from __future__ import annotations

from portal.public.urls import catalogue, verification

urlpatterns = [*verification.urlpatterns, *catalogue.urlpatterns]
