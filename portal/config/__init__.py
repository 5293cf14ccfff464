"""How the parts are wired: settings, addresses, the worker, who hears which event."""

from portal.config.celery import app as celery_app

__all__ = ["celery_app"]
