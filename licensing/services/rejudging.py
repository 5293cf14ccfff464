"""Live cases and living licences judged by the list in force: what is judged otherwise is noted, once, and told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from licensing.domain.classification import (
    ASSAY_REQUIRED,
    LICENCE_REQUIRED,
    NOT_CONTROLLED,
    ControlList,
    Standing,
)
from licensing.models import (
    Application,
    ApplicationLine,
    FlagCode,
    Licence,
    LicenceLine,
    ListVersion,
    Rejudgement,
)
from licensing.queries.cases import officers
from licensing.queries.classification import verdicts_of
from licensing.queries.control_list import in_force, list_of
from licensing.queries.list_impact import standing
from licensing.queries.rejudgements import Judgement, after, latest, lines_now
from licensing.queries.screening import LIVING
from licensing.services import flags
from licensing.services.judging import codes_of
from licensing.services.letters import tell_applicant
from licensing.states import LIVE_APPLICATIONS
from portal.audit.services import record
from portal.contact.services import mail
from portal.core import clock
from portal.core.actors import Actor

LIST = Actor.system("control list")
Day = tuple[ControlList, date]
Changes = dict[int, tuple[Judgement, Judgement]]  # line_no -> before, after


def judge_again(version_id: int | None = None) -> int:
    """Every live case and living licence is judged by the list in force today; how many are judged otherwise now.

    ``version_id`` is a version just published: licences whose goods are not known are held against the version before
    it, else against yesterday. A second call finds nothing new.
    """
    listed, today = in_force(), clock.today()
    earlier = (listed, today - timedelta(days=1))
    version = None if version_id is None else ListVersion.objects.select_related("base").get(pk=version_id)
    if version is not None and version.base is not None:
        earlier = (list_of(version.base), today)
    changed = _cases(listed, today)
    changed += _licences(listed, today, earlier)
    if changed:
        _tell_officers(listed, today)
    return changed


def _cases(listed: ControlList, today: date) -> int:
    rows = ApplicationLine.objects.filter(application__status__in=sorted(LIVE_APPLICATIONS))
    lines = list(rows.order_by("application_id", "line_no"))
    judged = _verdicts(lines, listed, today)
    noted = latest(Rejudgement.objects.filter(application__in=judged))
    before: dict[int, dict[int, Judgement]] = defaultdict(dict)
    for line in lines:
        row = noted.get((line.application_id, line.line_no))
        submitted = Judgement(line.verdict, line.control_codes)
        before[line.application_id][line.line_no] = submitted if row is None else after(row)
    differing = [pk for pk, verdicts in judged.items() if _different(before[pk], verdicts)]
    return sum(_case_judged(pk, judged[pk], listed) for pk in differing)


def _case_judged(application_id: int, verdicts: dict[int, Judgement], listed: ControlList) -> int:
    """1 where the case, looked at again under its lock, lives and is judged otherwise; 0 where another was first."""
    with transaction.atomic():
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("organisation", "officer")
            .get(pk=application_id)
        )
        if not application.is_live:
            return 0
        before = {
            line.line_no: Judgement(line.verdict, line.control_codes) for line in lines_now(application)
        }
        changes = _different(before, verdicts)
        if changes:
            _case_changed(application, changes, verdicts.values(), listed)
        return int(bool(changes))


def _verdicts(
    lines: Iterable[ApplicationLine], listed: ControlList, today: date
) -> dict[int, dict[int, Judgement]]:
    """Each case's goods as they are judged that day, by the number of the line."""
    rows = list(lines)
    found: dict[int, dict[int, Judgement]] = defaultdict(dict)
    for line, verdict in zip(rows, verdicts_of(rows, on=today, control_list=listed), strict=True):
        found[line.application_id][line.line_no] = Judgement(verdict.verdict, ";".join(codes_of(verdict)))
    return found


def _different(before: dict[int, Judgement], now: dict[int, Judgement]) -> Changes:
    return {number: (before[number], one) for number, one in now.items() if before[number] != one}


def _case_changed(
    application: Application, changes: Changes, now: Iterable[Judgement], listed: ControlList
) -> None:
    """Noted, flagged, in the trail; the officer who holds the case and, where a verdict is another, the applicant know."""
    _note(changes, listed.version, application.organisation_id, application=application)
    verdicts = {one.verdict for one in now}
    raised = {
        FlagCode.LIST_CHANGED: True,
        FlagCode.ASSAY_MISSING: ASSAY_REQUIRED in verdicts,
        FlagCode.NOT_CONTROLLED: verdicts == {NOT_CONTROLLED},
    }
    for code, stands in raised.items():
        if stands:
            flags.raise_flag(application, code, rule="list", list_version=listed.version)
    data = {"number": application.number, "version": listed.version, "lines": sorted(changes)}
    record(
        "application.judged_again", by=LIST, organisation_id=application.organisation_id,
        subject=("application", application.pk), data=data,
    )  # fmt: skip
    values = {"number": application.number, "application": application.pk, "version": listed.version}
    key = f"judged:{application.pk}:{listed.version}:{clock.today()}"
    if application.officer is not None:
        mail.send(template="case_judged_again", to=application.officer, values=values, key=f"{key}:officer")
    if any(old.verdict != new.verdict for old, new in changes.values()):
        tell_applicant(application.organisation, "application_judged_again", values, key)


def _licences(listed: ControlList, today: date, earlier: Day) -> int:
    """Living licences: by the goods they were granted for where those are known, else by the standing of their codes."""
    lines = LicenceLine.objects.filter(licence__status__in=LIVING, licence__expires_on__gte=today)
    living = lines.values("licence")
    known = latest(Rejudgement.objects.filter(licence__in=living))
    granted = dict(Application.objects.filter(licence__in=living).values_list("licence_id", "pk"))
    goods = ApplicationLine.objects.filter(application__in=granted.values())
    verdicts = _verdicts(goods.order_by("application_id", "line_no"), listed, today)
    before, now = _Codes(*earlier), _Codes(listed, today)
    changes: dict[int, Changes] = defaultdict(dict)
    for line in lines.order_by("licence_id", "line_no"):
        good = verdicts.get(granted.get(line.licence_id, 0), {}).get(line.line_no)
        old = before.of(line) if good is None else Judgement(LICENCE_REQUIRED, line.control_codes)
        new = now.of(line) if good is None else good
        row = known.get((line.licence_id, line.line_no))
        old = old if row is None else after(row)
        if old != new:
            changes[line.licence_id][line.line_no] = (old, new)
    return sum(_licence_changed(licence_id, found, listed) for licence_id, found in changes.items())


class _Codes:
    """How the codes of licences stand by a list on a day; each is looked up once."""

    def __init__(self, listed: ControlList, day: date) -> None:
        self.listed, self.day = listed, day
        self.found: dict[str, bool] = {}

    def of(self, line: LicenceLine) -> Judgement:
        """The codes of the line that are in force, and what follows from it."""
        holding = [code for code in line.codes if self._in_force(code)]
        return Judgement(LICENCE_REQUIRED if holding else NOT_CONTROLLED, ";".join(holding))

    def _in_force(self, code: str) -> bool:
        if code not in self.found:
            self.found[code] = standing(self.listed, code, self.day) == Standing.IN_FORCE
        return self.found[code]


def _licence_changed(licence_id: int, found: Changes, listed: ControlList) -> int:
    """Noted, in the trail, and told to the exporter; 1, or 0 where the licence lives no more or another was first."""
    with transaction.atomic():
        licence = (
            Licence.objects.select_for_update(of=("self",)).select_related("exporter").get(pk=licence_id)
        )
        noted = latest(licence.rejudgements.all())
        rows = {number: noted.get((licence.pk, number)) for number in found}
        changes = {
            number: pair
            for number, pair in found.items()
            if (row := rows[number]) is None or after(row) == pair[0]
        }
        if licence.status not in LIVING or not changes:
            return 0
        _note(changes, listed.version, licence.exporter_id, licence=licence)
        data = {"licence_no": licence.licence_no, "version": listed.version, "lines": sorted(changes)}
        record(
            "licence.judged_again", by=LIST, organisation_id=licence.exporter_id,
            subject=("licence", licence.pk), data=data,
        )  # fmt: skip
        values = {"licence_no": licence.licence_no, "licence": licence.pk, "version": listed.version}
        key = f"judged:licence:{licence.pk}:{listed.version}:{clock.today()}"
        tell_applicant(licence.exporter, "licence_judged_again", values, key)
        return 1


def _note(changes: Changes, version: int, organisation_id: int, **owner: Application | Licence) -> None:
    Rejudgement.objects.bulk_create(
        Rejudgement(
            organisation_id=organisation_id,
            line_no=number,
            list_version=version,
            on=clock.today(),
            verdict_before=old.verdict,
            codes_before=old.codes,
            verdict_after=new.verdict,
            codes_after=new.codes,
            at=clock.now(),
            **owner,
        )
        for number, (old, new) in sorted(changes.items())
    )


def _tell_officers(listed: ControlList, today: date) -> None:
    """One event and one mail to each officer for the run, with what was judged otherwise on this day."""
    rows = Rejudgement.objects.filter(list_version=listed.version, on=today)
    cases = rows.exclude(application=None).values("application").distinct().count()
    licences = rows.exclude(licence=None).values("licence").distinct().count()
    values = {"version": listed.version, "cases": cases, "licences": licences}
    with transaction.atomic():
        record("list.judged_again", by=LIST, subject=("list_version", None), data=values)
        for officer in officers():
            key = f"judged:{listed.version}:{today}:{officer.pk}"
            mail.send(template="list_judged_again", to=officer, values=values, key=key)
