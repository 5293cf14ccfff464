"""Sessions in the database, as Django keeps them; only the look at one, which every page makes, is made ready once."""

from __future__ import annotations

from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from portal.core import fence
from portal.core.prepared import Given, Prepared

_SESSION: Final = Prepared(
    lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now"))
)


class SessionStore(db.SessionStore):
    """Django's own, but for how a session is looked up."""

    def _get_session_from_db(self) -> Session | None:
        # the clock that Django ends sessions by
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with fence.lifted(reason="a session says whose it is: nobody is known before"):
            found = _SESSION.first(key=self.session_key, now=now)
        if found is None:
            self._session_key = None
        return found
