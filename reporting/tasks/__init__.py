"""Work for the workers, a module a topic; Celery finds them here."""

from reporting.tasks import checking, hooks, intake, obligations, review, signing

__all__ = ["checking", "hooks", "intake", "obligations", "review", "signing"]
