"""What a review needs: filings that were submitted, findings about them, obligations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.months import Month
from reporting.models import Filing, Finding, Kind, Obligation
from tests import factories


def submitted(of: Organisation, period: str = "2026-05", *, lines: int = 1, **fields: Any) -> Filing:
    """A filing with lines of one product sold to one client, submitted an hour ago."""
    draft = factories.filing(of, period)
    product = of.products.first() or factories.product(of)
    client = of.counterparties.first() or factories.counterparty(of)
    for number in range(1, lines + 1):
        factories.line(draft, number, Kind.SOLD, product, "12.400", "1000.00", counterparty=client)
    later = {name: fields.pop(name) for name in ("status", "decision_reason") if name in fields}
    values = {"status": "submitted", "submitted_at": clock.now() - timedelta(hours=1), "on_time": True}
    Filing.objects.filter(pk=draft.pk).update(**(values | {"line_count": lines} | fields))
    if later:
        Filing.objects.filter(pk=draft.pk).update(**later)
    draft.refresh_from_db()
    return draft


def finding(of: Organisation, filing: Filing | None = None, code: str = "STK001", **fields: Any) -> Finding:
    """An opening stock that is not last month's closing stock."""
    number = Finding.objects.count() + 1
    moment = clock.now()
    values: dict[str, Any] = {
        "fingerprint": f"{number:064d}",
        "figures_digest": "0" * 64,
        "severity": "warning",
        "queue": "block",
        "score": 60,
        "period": filing.period if filing else Month.parse("2026-05"),
        "first_period": filing.period if filing else Month.parse("2026-05"),
        "line_nos": [1] if filing else [],
        "subject": f"product:{number}",
        "values": {"product": "P-01", "opening_kg": "12", "last_closing_kg": "10"},
        "evidence": {"opening_g": 12_000, "last_closing_g": 10_000},
        "first_seen": moment,
        "last_changed": moment,
    }
    return Finding.objects.create(organisation=of, filing=filing, check_code=code, **(values | fields))


def obligation(of: Organisation, period: str, **fields: Any) -> Obligation:
    """A month owed, due at the end of the tenth of the next."""
    month = Month.parse(period)
    due_on = (month + 1).first.replace(day=10)
    values = {"due_on": due_on, "due_at": clock.end_of_day(due_on)}
    return Obligation.objects.create(organisation=of, period=month, **(values | fields))
