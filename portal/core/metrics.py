"""Figures for the operator's monitoring (Prometheus); no names, no numbers of organisations."""

from __future__ import annotations

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest

REQUESTS = Counter("lodestone_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("lodestone_request_seconds", "Time to answer", ["route"])
OUTBOX_LAG = Gauge("lodestone_outbox_lag_seconds", "Age of the oldest unkept promise past its time")


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def exposition() -> bytes:
    """All figures as Prometheus reads them."""
    return generate_latest(REGISTRY)
