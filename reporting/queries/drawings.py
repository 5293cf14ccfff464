"""What a finding rests on, drawn: balances, both sides of a trade, prices, rings. For the regulator alone.

The figures are gathered as the checks gather them, of the enterprises that the finding names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any, Final

import numpy as np
import pandas as pd
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.charts import Chart, Point, Series, line_chart, ring_chart, signed_chart
from portal.core.months import Month
from portal.core.templatetags.lodestone import month, name_here
from reporting import frames
from reporting.checks.columns import ELEMENTS, KIND_CODES
from reporting.checks.nation.gather import Gathered, gather
from reporting.checks.nation.rings import ARROW
from reporting.models import Finding

__all__ = ["chart_of"]

BEFORE: Final = 6
"""Months drawn before the evidence begins."""
_MOST_MONTHS: Final = 48


def chart_of(finding: Finding) -> Chart | None:
    """The drawing of a finding, or None for one that has none. Its queries grow with the books of the enterprises named."""
    draw = _DRAWN.get(finding.check_code) or _DRAWN.get(finding.check_code[:3])
    return draw(finding) if draw else None


def _gathered(finding: Finding) -> Gathered:
    named = [finding.organisation_id, finding.other_organisation_id]
    first, last = _span(finding)
    part = frames.part_of([pk for pk in named if pk], first=first, last=last, as_of=clock.now())
    return gather(part, frames.references())


def _span(finding: Finding) -> tuple[Month, Month]:
    first = max(finding.first_period - BEFORE, finding.period - _MOST_MONTHS)
    return first, finding.period


def _months(finding: Finding) -> list[Month]:
    first, last = _span(finding)
    return [first + ahead for ahead in range(last.index - first.index + 1)]


def _by_month(frame: pd.DataFrame, value: str, months: Sequence[Month]) -> list[float]:
    summed = frame.groupby("period")[value].sum()
    found: list[float] = summed.reindex([one.index for one in months]).fillna(0.0).tolist()
    return found


def _series(name: str, months: Sequence[Month], values: Sequence[float], tone: str) -> Series:
    points = [
        Point(month(one), value, number_format(round(value, 3), force_grouping=True))
        for one, value in zip(months, values, strict=True)
    ]
    return Series(name, points, tone)


def _balance(finding: Finding) -> Chart | None:
    """What came out beyond what went in lets expect, added up, and the band that its standard uncertainty explains."""
    element = str(finding.evidence.get("element", ""))
    if element not in ELEMENTS:
        return None
    months, worked = _months(finding), _gathered(finding).worked
    own = worked[worked["organisation_id"] == finding.organisation_id]
    into, out = (
        np.array(_by_month(own[own["kind"] == KIND_CODES[kind]], element, months))
        for kind in ("consumed", "produced")
    )
    begin = max(1, finding.first_period.index - months[0].index)
    usual = out[:begin].sum() / into[:begin].sum() if into[:begin].sum() > 0 else 1.0
    summed = np.cumsum(out - usual * into).tolist()
    sigma, count = float(finding.evidence.get("sigma_kg") or 0.0), len(months)
    reach = [2 * sigma * sqrt((place + 1) / count) for place in range(count)]
    name = element.capitalize()
    title = _("%(element)s made beyond what was used lets expect, added up") % {"element": name}
    series = [_series(_("added up"), months, summed, f"el-{element}")]
    return signed_chart(
        title, _("kg; the band is two standard uncertainties"), series, [(-one, one) for one in reach]
    )


def _element(finding: Finding) -> Chart | None:
    """How much of an element went in and came out, month by month."""
    element = str(finding.evidence.get("element", ""))
    return _in_and_out(finding, [element], element.capitalize()) if element in ELEMENTS else None


def _yield(finding: Finding) -> Chart | None:
    """How much rare earth went in and came out, month by month."""
    return _in_and_out(finding, list(ELEMENTS), _("Rare earth"))


def _in_and_out(finding: Finding, elements: list[str], what: str) -> Chart:
    months, worked = _months(finding), _gathered(finding).worked
    own = worked[worked["organisation_id"] == finding.organisation_id]
    own = own.assign(kg=own[elements].sum(axis=1))
    went, came, lost = (
        _by_month(own[own["kind"] == KIND_CODES[kind]], "kg", months)
        for kind in ("consumed", "produced", "lost")
    )
    return line_chart(_("%(what)s worked, month by month") % {"what": what}, "kg", [
        _series(_("went in"), months, went, "accent"), _series(_("came out"), months, came, "good"),
        _series(_("written off"), months, lost, "stop"),
    ])  # fmt: skip


def _mirror(finding: Finding) -> Chart | None:
    """Both sides of a trade, added up over the months."""
    if finding.other_organisation_id is None:
        return None
    months, trades = _months(finding), _gathered(finding).trades
    stage = finding.evidence.get("stage")
    trades = trades[trades["stage"] == stage] if stage else trades
    off_buys = bool(finding.evidence.get("buyer_is_off"))
    buyer, seller = finding.organisation_id, finding.other_organisation_id
    if not off_buys:
        buyer, seller = seller, buyer
    told = trades.assign(kg=trades["grams"] / 1000)
    sold = told[(told["organisation_id"] == seller) & (told["other_id"] == buyer) & told["sells"]]
    bought = told[(told["organisation_id"] == buyer) & (told["other_id"] == seller) & ~told["sells"]]
    sides = (("seller", _("the seller"), sold, "accent"), ("buyer", _("the buyer"), bought, "warn"))
    series = [
        _series(name, months, np.cumsum(_by_month(rows, "kg", months)).tolist(), tone)
        for _side, name, rows, tone in sides
    ]
    return line_chart(_("What both sides report, added up"), "kg", series)


def _price(finding: Finding) -> Chart | None:
    """The price of the goods month by month: with this client, with others, and what the market was at."""
    gathered, months = _gathered(finding), _months(finding)
    asked = finding.subject.split(":")
    deals = gathered.deals[
        (gathered.deals["organisation_id"] == finding.organisation_id) & (gathered.deals["priced_kg"] > 0)
    ]
    rows = deals.merge(gathered.goods, on="product_id")
    if len(asked) < _PARTS or not len(rows):
        return None
    kinds = {"home": "sold", "export": "exported", "import": "imported"}
    stage, family, grade, main, heavy = asked[3:8]
    rows = rows[
        (rows["kind"] == KIND_CODES[kinds[asked[2]]]) & (rows["stage"].astype(str) == stage) & (rows["family"] == family)
        & (rows["grade"] == grade) & (rows["main"].astype(str) == main) & (rows["heavy"].astype(str) == heavy)
    ]  # fmt: skip
    mine = (
        rows if finding.counterparty_id is None else rows[rows["counterparty_id"] == finding.counterparty_id]
    )
    market = float(finding.evidence.get("market_cny_kg") or 0.0)
    series = [_series(_("this price"), months, _prices(mine, months), "stop")]
    if len(mine) < len(rows):
        others = rows[rows["counterparty_id"] != finding.counterparty_id]
        series.append(_series(_("other clients"), months, _prices(others, months), "accent"))
    series.append(_series(_("the market"), months, [market] * len(months), "good"))
    return line_chart(_("Prices beside the market's"), _("CNY a kilogram of rare earth contained"), series)


_PARTS: Final = 8


def _prices(rows: pd.DataFrame, months: Sequence[Month]) -> list[float]:
    """Money over rare earth month by month; a month without a deal keeps the price before."""
    summed = rows.groupby("period")[["fen", "priced_kg"]].sum()
    price = (summed["fen"] / 100 / summed["priced_kg"]).reindex([one.index for one in months]).ffill().bfill()
    found: list[float] = price.fillna(0.0).tolist()
    return found


def _ring(finding: Finding) -> Chart | None:
    """Who sold to whom until the goods were back."""
    codes = str(finding.evidence.get("path", "")).split(ARROW)[:-1]
    known = {row.uscc: row for row in Organisation.objects.filter(uscc__in=codes)}
    kg = float(finding.evidence.get("ring_kg") or 0.0)
    words = _("%(kg)s kg to the next") % {"kg": number_format(round(kg, 1), force_grouping=True)}
    points = [
        Point(name_here(known[code]), kg, words, reverse("organisation_view", args=[known[code].pk]))
        if code in known
        else Point(code, kg, words)
        for code in codes
    ]
    return ring_chart(_("The way of the goods"), _("passed on"), points) if points else None


_DRAWN: Final[dict[str, Callable[[Finding], Any]]] = {
    "MBL": _balance, "MIR501": _mirror, "PRC501": _price, "NET501": _ring, "MIX501": _element, "YLD501": _yield,
}  # fmt: skip
