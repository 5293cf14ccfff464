"""The worker: Celery reads its settings from Django's, and the periodic work is listed here."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_init
from django.conf import settings
from django.template import engines
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings")

app = Celery("lodestone")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "seal the trail": {"task": "portal.audit.seal_events", "schedule": 20.0},
    "seal what came late": {"task": "portal.audit.seal_all", "schedule": crontab(hour="4", minute="10")},
    "open obligations, remind": {"task": "reporting.daily", "schedule": crontab(hour="7", minute="0")},
    "expire licences": {"task": "licensing.expire_licences", "schedule": crontab(hour="0", minute="5")},
    "judge by the list of the day": {
        "task": "licensing.judge_daily",
        "schedule": crontab(hour="0", minute="20"),
    },
    "sum the ledger anew": {"task": "licensing.reconcile_ledger", "schedule": crontab(hour="1", minute="30")},
    "match records to parties": {
        "task": "portal.registry.nightly_matching",
        "schedule": crontab(hour="1", minute="30"),
    },
    "sweep the nation": {"task": "reporting.nightly_sweep", "schedule": crontab(hour="2", minute="0")},
    "send the mail that is owed": {"task": "portal.contact.send_owed", "schedule": 30.0},
    "forget old tries": {"task": "portal.accounts.prune", "schedule": crontab(hour="3", minute="40")},
    "forget messages sent long ago": {
        "task": "portal.contact.prune",
        "schedule": crontab(hour="3", minute="40"),
    },
    "forget kept promises": {"task": "portal.core.prune", "schedule": crontab(hour="3", minute="30")},
}
for entry in app.conf.beat_schedule.values():
    entry["options"] = {"queue": "periodic", "expires": 3600}


@setup_logging.connect  # type: ignore[untyped-decorator]
def use_the_portals_logging(**kwargs: Any) -> None:
    """Leave logging as Django's settings set it up."""


@worker_init.connect  # type: ignore[untyped-decorator]
def load_everything(**kwargs: Any) -> None:
    """What tasks set up on first use is there before the worker forks its processes: once, and shared by all of them."""
    import_module(settings.ROOT_URLCONF)  # every view, and what they need
    engines.all()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("File")
