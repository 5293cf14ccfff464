"""Work for the workers, a module a topic; Celery finds them here."""

from licensing.tasks import casework, licences

__all__ = ["casework", "licences"]
