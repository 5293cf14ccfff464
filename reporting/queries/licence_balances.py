"""What is left on the licences that a filing's exports name: shown beside the lines."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from licensing.queries.licences import lines_named
from portal.core.figures import format_quantity
from portal.core.quantities import KG_PLACES
from reporting.models import Filing, Kind


def licences_in_words(filing: Filing) -> list[dict[str, Any]]:
    """Each licence line that the filing's exports may draw: what the ledger has left today, and what this filing exports.

    Customs draws a licence when the goods leave, so what is filed afterwards is as a rule drawn already: the two stand
    side by side and are not subtracted. ``text`` says what is wrong with a number, and is empty where nothing is.
    """
    named = (
        filing.lines.filter(kind=Kind.EXPORTED)
        .exclude(licence_no="")
        .values("licence_no", "licence_line_no")
        .annotate(grams=Sum("quantity_g"))
        .order_by("licence_no", "licence_line_no")
    )
    exports: dict[str, dict[int | None, int]] = {}
    for row in named:
        exports.setdefault(row["licence_no"], {})[row["licence_line_no"]] = row["grams"] or 0
    known = lines_named(filing.organisation_id, exports) if exports else {}
    rows = []
    for number, taken in exports.items():
        lines = known.get(number, [])
        if not lines:
            rows.append(_row(number, "", "", sum(taken.values()), _("You hold no licence with this number.")))
        for line in lines:
            # where no line is named and the licence has one alone, that one is meant
            grams = taken.get(line.line_no, 0) + (taken.get(None, 0) if len(lines) == 1 else 0)
            label = number if len(lines) == 1 else f"{number} / {line.line_no}"
            rows.append(
                _row(label, reverse("licence_view", args=[line.licence_id]), _kg(line.balance_g), grams, "")
            )
    return rows


def _row(label: str, url: str, left: str, grams: int, text: str) -> dict[str, Any]:
    return {"label": label, "url": url, "left": left, "filed": _kg(grams), "text": text}


def _kg(grams: int) -> str:
    return format_quantity(grams, KG_PLACES, 0)
