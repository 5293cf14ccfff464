"""The same content is judged once: whatever the checks read makes it judged anew when it changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from redis.exceptions import ConnectionError as Away

from portal.accounts.models import Organisation
from portal.core import caching, clock
from portal.registry.models import Counterparty, Lot, Product
from reporting.models import Explanation, Filing, Kind, Line
from reporting.services import checking, verdicts
from tests import factories
from tests.reporting.filed import draft, submit
from tests.reporting.filled import filled, puzzling


@pytest.fixture(autouse=True)
def another_edition(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What other tests were told is not taken for this one's; called, nothing told so far is."""

    def begin() -> None:
        edition = uuid.uuid4().hex
        monkeypatch.setattr(verdicts, "_edition", lambda: edition)

    begin()
    return begin


@pytest.fixture
def judgings(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One entry for each time that the checks were run."""
    run, told = checking.run, []

    def counted(*args: object, **kwargs: object) -> object:
        told.append(args)
        return run(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "run", counted)
    return told


def test_what_did_not_change_is_judged_once_and_told_alike(
    aurora: Organisation, judgings: list[object]
) -> None:
    filing = draft(aurora, "2026-05", "opening 10", "closing 6", thing=factories.product(aurora))
    first, again = checking.faults_of(filing), checking.faults_of(filing)
    assert first
    assert (again, len(judgings)) == (first, 1)


def _line(filing: Filing, **values: object) -> None:
    filing.lines.filter(kind=Kind.SOLD).update(**values)


CHANGES: dict[str, Callable[[Filing], object]] = {
    "a quantity": lambda filing: _line(filing, quantity_g=60_001),
    "a price": lambda filing: _line(filing, value_fen=1),
    "a day": lambda filing: _line(filing, date=filing.period.first),
    "a note": lambda filing: _line(filing, note="seen"),
    "a text that could not be read": lambda filing: _line(filing, unread={"quantity_kg": "many"}),
    "one line fewer": lambda filing: filing.lines.filter(kind=Kind.SOLD).delete(),
    "a client's number": puzzling,
    "a client's name": lambda filing: Counterparty.objects.filter(code="C-01").update(name="磁钢厂"),
    "an assay": lambda filing: Product.objects.update(nd_pct="31.5"),
    "a lot's assay": lambda filing: Lot.objects.create(
        organisation=filing.organisation, product=Product.objects.get(), batch="L-1", nd_pct="30"
    ),
    "the month before": lambda filing: submit(
        filled(filing.organisation, "2025-12"), "2026-01-10 12:00"
    ),
    "who reports from when": lambda filing: Organisation.objects.update(reports_from=filing.period - 1),
    "whose month it is": lambda filing: Organisation.objects.update(uscc="91330201MA0000000X"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_the_checks_read_is_judged_anew_when_it_changes(
    aurora: Organisation, judgings: list[object], another_edition: Callable[[], None], what: str
) -> None:
    filing = filled(aurora)
    checking.faults_of(filing)
    CHANGES[what](filing)
    told = checking.faults_of(Filing.objects.get(pk=filing.pk))
    assert len(judgings) == 2
    another_edition()
    assert checking.faults_of(Filing.objects.get(pk=filing.pk)) == told


def test_an_explanation_is_told_at_once(aurora: Organisation, alma: object, judgings: list[object]) -> None:
    filing = filled(aurora)
    puzzling(filing)
    (fault,) = [one for one in checking.faults_of(filing) if one.needs_explanation]
    Explanation.objects.create(
        filing=filing, code=fault.code, subject=fault.subject, text="A new number.", by=alma, at=clock.now()
    )
    assert [one.explained for one in checking.faults_of(filing) if one.code == fault.code] == [
        "A new number."
    ]
    assert len(judgings) == 1


def test_months_with_exports_are_judged_each_time(aurora: Organisation, judgings: list[object]) -> None:
    filing = filled(aurora)
    Line.objects.filter(kind=Kind.SOLD).update(kind=Kind.EXPORTED)
    checking.faults_of(filing)
    checking.faults_of(filing)
    assert len(judgings) == 2, "a licence may have been suspended meanwhile"


def test_without_redis_it_is_judged(
    aurora: Organisation, judgings: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise Away

    monkeypatch.setattr(caching.RedisCache, "get", away)
    monkeypatch.setattr(caching, "_away_until", 0.0)
    assert checking.faults_of(filled(aurora)) == []
    assert len(judgings) == 1


@pytest.mark.parametrize("planted", ["", "[]", "W10:x", 7, [], {"said": []}, None])
def test_what_somebody_else_wrote_is_not_believed(
    aurora: Organisation, judgings: list[object], monkeypatch: pytest.MonkeyPatch, planted: object
) -> None:
    filing = draft(aurora, "2026-05", "opening 10", "closing 6", thing=factories.product(aurora))
    monkeypatch.setattr(caching.RedisCache, "get", lambda *_args, **_kwargs: planted)
    assert checking.faults_of(filing)
    assert len(judgings) == 1


def test_a_verdict_is_believed_of_its_own_content_alone(
    aurora: Organisation, judgings: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []
    keep = caching.RedisCache.set

    def seen(self: caching.RedisCache, key: str, value: object, *args: object, **more: object) -> None:
        kept.append(value)
        keep(self, key, value, *args, **more)

    monkeypatch.setattr(caching.RedisCache, "set", seen)
    assert checking.faults_of(filled(aurora)) == []
    monkeypatch.setattr(caching.RedisCache, "get", lambda *_args, **_kwargs: kept[0])
    thing = Product.objects.get()
    assert checking.faults_of(draft(aurora, "2026-05", "opening 10", "closing 6", thing=thing))
    assert len(judgings) == 2
