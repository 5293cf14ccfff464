"""What is said of a product: its stage, family, grade and contents, for every product-month that moves it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from reporting.checks.chemistry import GRADE_HEAVY_PCT, METAL_FRACTIONS
from reporting.checks.columns import CONTENT_COLUMNS, ELEMENTS
from reporting.checks.derive.balances import months
from reporting.checks.derive.context import Array, Context, provide, take_text
from reporting.checks.text import Text

__all__ = ["contents"]

GRADE = r"^[A-Z]*\d+\s*(M|H|SH|UH|EH|TH|AH)?(?:[-/ ].*)?$"


def contents(context: Context) -> npt.NDArray[np.float64]:
    """Return the contents of the products, mass per cent of each element; NaN = not measured."""
    columns = [context.array("products", name) for name in CONTENT_COLUMNS]
    return np.column_stack(columns)


def _of_product(name: str) -> None:
    provide("product", name, lambda c: c.array("products", name)[c.once(months).product])


def _words_of_product(name: str) -> None:
    provide("product", name, lambda c: take_text(c.text("products", name), c.once(months).product))


def _spread(per_product: Array, context: Context) -> Array:
    return per_product[context.once(months).product]


def _sum(context: Context, *elements: str) -> Array:
    """Return the sum of the contents of these elements (all, if none is named); NaN where none is measured."""
    found = context.once(contents)
    if elements:
        found = found[:, [ELEMENTS.index(element) for element in elements]]
    measured = ~np.isnan(found).all(axis=1)
    return np.where(measured, np.nansum(found, axis=1), np.nan)


def _as_oxide(context: Context) -> Array:
    """Return what the contents would weigh as oxides, in per cent of the product."""
    found = context.once(contents)
    return np.where(np.isnan(found).all(axis=1), np.nan, np.nansum(found / METAL_FRACTIONS, axis=1))


def _out_of_range(context: Context) -> Array:
    found = context.once(contents)
    with np.errstate(invalid="ignore"):
        return np.asarray(((found < 0) | (found > 100)).any(axis=1))


def _measured(context: Context) -> Array:
    return np.asarray(~np.isnan(context.once(contents)).all(axis=1))


def _grade_class(words: Any) -> Any:
    """Return the temperature class of a grade: `N42SH` -> `SH`; none -> `N`; no such grade -> missing."""
    upper = words.str.upper().str.strip()
    found = upper.str.extract(GRADE, expand=False).fillna("N")
    return found.where(upper.str.match(GRADE))


def _grades(context: Context) -> Text:
    return context.text("products", "grade").rewrite(_grade_class)


def _grade_bound(context: Context, side: int) -> Array:
    classes = context.once(_grades)
    bounds = [GRADE_HEAVY_PCT.get(str(word), (np.nan, np.nan))[side] for word in classes.words]
    spread: Array = np.array([*bounds, np.nan])[classes.codes]
    return spread


for _name in ("stage", "assay_rel_uncertainty_pct"):
    _of_product(_name)
for _name in ("family", "grade", "processing_level"):
    _words_of_product(_name)
provide("product", "contents_pct", lambda c: _spread(_sum(c), c))
provide("product", "contents_as_oxide_pct", lambda c: _spread(_as_oxide(c), c))
provide("product", "contents_out_of_range", lambda c: _spread(_out_of_range(c), c))
provide("product", "measured", lambda c: _spread(_measured(c), c))
provide("product", "heavy_pct", lambda c: _spread(_sum(c, "dy", "tb"), c))
provide("product", "samarium_pct", lambda c: _spread(_sum(c, "sm"), c))
provide("product", "light_pct", lambda c: _spread(_sum(c, "nd", "pr", "ce", "la"), c))
provide("product", "grade_class", lambda c: take_text(c.once(_grades), c.once(months).product))
provide("product", "heavy_least_pct", lambda c: _spread(_grade_bound(c, 0), c))
provide("product", "heavy_most_pct", lambda c: _spread(_grade_bound(c, 1), c))
