"""Work for the workers, a module a topic; Celery finds them here."""

from licensing.tasks import licences

__all__ = ["licences"]
