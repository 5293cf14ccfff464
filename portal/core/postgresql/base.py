"""A connection that tells PostgreSQL whose rows may be seen, before the first statement after that has changed."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg2 import Error
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from portal.core import fence

TELL = (
    "SELECT set_config('lodestone.organisation', %s, false), set_config('lodestone.person', %s, false),"
    " set_config('lodestone.office', %s, false)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """``told`` is what the server was told last; None where a rollback may have taken it back.

    ``prepared``: the statements whose plan this connection's server keeps, and how each is executed.
    """

    told: fence.Scope | None = fence.STRANGER

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.prepared: dict[str, str] = {}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.told = fence.STRANGER
        self.prepared = {}
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether the server still answers; what it is asked for that tells it what it has to be told in any case."""
        if self.connection is None:
            return False
        try:
            self._say(fence.current())
        except Error:
            return False
        return True

    def create_cursor(self, name: str | None = None) -> Any:
        self._tell()
        return super().create_cursor(name)

    def _set_autocommit(self, autocommit: bool) -> None:
        if not autocommit:
            with self.wrap_database_errors:  # a server that is away is Django's own error, as everywhere
                self._tell()  # before the transaction, whose first statement may have to be another's
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _tell(self) -> None:
        wanted = fence.current()
        if self.told != wanted and self.connection.get_transaction_status() != TRANSACTION_STATUS_INERROR:
            self._say(wanted)

    def _say(self, wanted: fence.Scope) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(TELL, [_text(wanted.organisation), _text(wanted.person), wanted.office])
        self.told = wanted

    def _rollback(self) -> None:
        self.told = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.told = None


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
