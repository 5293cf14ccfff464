"""The mirror, stock, licence and price joins as somebody would write them by hand in polars, and row by row.

``read`` brings the columns out of the database with COPY, ``joined`` makes the four tables of what is off, ``written``
puts them back with COPY. They say where figures differ and nothing more: no rounding, no words, no past decisions.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from typing import Any

import polars as pl
from django.db import connection

from licensing.models import Licence
from portal.registry.models import ELEMENT_SYMBOLS
from reporting.models import Filing, Kind, Line, ReferencePrice

FLOOR_G, SHARE = 50_000, 0.02
_IN_FORCE = (
    "f.status IN ('submitted', 'accepted', 'returned') AND NOT EXISTS (SELECT 1 FROM reporting_filing n WHERE n.organisation_id ="
    " f.organisation_id AND n.period = f.period AND n.version > f.version AND n.status IN ('submitted', 'accepted', 'returned'))"
)
_CONTENTS = ", ".join(f"coalesce({symbol}_pct, 0)::float8" for symbol in ELEMENT_SYMBOLS)
LINES = (
    "SELECT f.organisation_id, f.period, l.kind, l.product_id, l.counterparty_id, l.quantity_g, l.value_fen, l.licence_no, l.destination,"
    " l.date - DATE '1970-01-01' FROM reporting_line l JOIN reporting_filing f ON f.id = l.filing_id WHERE "
    + _IN_FORCE
)
_TABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "lines": (LINES, {
        "organisation": pl.Int64, "period": pl.Int32, "kind": pl.Int8, "product": pl.Int64, "party": pl.Int64, "grams": pl.Int64,
        "fen": pl.Int64, "licence_no": pl.String, "destination": pl.String, "day": pl.Int32,
    }),
    "products": (
        f"SELECT id, stage, family, {_CONTENTS} FROM registry_product",
        {"product": pl.Int64, "stage": pl.String, "family": pl.String, **dict.fromkeys(ELEMENT_SYMBOLS, pl.Float64)},
    ),
    "parties": (
        "SELECT c.id, o.id FROM registry_counterparty c JOIN accounts_organisation o ON o.uscc = c.id_number WHERE c.id_type = 'USCC'",
        {"party": pl.Int64, "other": pl.Int64},
    ),
    "licences": (
        ("SELECT l.licence_no, l.exporter_id, l.expires_on - DATE '1970-01-01', l.destination, sum(n.ceiling_g)::bigint"
        " FROM licensing_licence l LEFT JOIN licensing_licenceline n ON n.licence_id = l.id GROUP BY l.id"),
        {"licence_no": pl.String, "exporter": pl.Int64, "expires": pl.Int32, "allowed": pl.String, "ceiling": pl.Int64},
    ),
    "prices": (
        "SELECT period, stage, family, main_element, market, low_fen, high_fen FROM reporting_referenceprice",
        {"period": pl.Int32, "stage": pl.String, "family": pl.String, "main": pl.String, "market": pl.String, "low": pl.Int64, "high": pl.Int64},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """What was read."""

    lines: pl.DataFrame
    products: pl.DataFrame
    parties: pl.DataFrame
    licences: pl.DataFrame
    prices: pl.DataFrame


def copied(statement: str) -> io.BytesIO:
    """What a bare COPY gives."""
    body = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT csv)", body)
    body.seek(0)
    return body


def read() -> Read:
    """The columns that the joins need."""
    frames = {}
    for name, (statement, schema) in _TABLES.items():
        body = copied(statement)
        frames[name] = (
            pl.read_csv(body, has_header=False, schema=schema).with_columns(pl.col(pl.String).fill_null(""))
            if body.getbuffer().nbytes
            else pl.DataFrame(schema=schema)
        )
    return Read(**frames)


def joined(these: Read) -> pl.DataFrame:
    """What is off: code, organisation, month, what it is about."""
    parts = [_stock(these), _licences(these), _mirror(these), _prices(these)]
    return pl.concat(
        part.select(pl.lit(code).alias("code"), "organisation", "period", pl.col("about").cast(pl.String))
        for code, part in zip(("STK", "LIC", "MIR", "PRC"), parts, strict=True)
    )


def _stock(these: Read) -> pl.DataFrame:
    keys = ["organisation", "product", "period"]
    closing = these.lines.filter(pl.col("kind") == Kind.CLOSING.value).group_by(keys).agg(pl.sum("grams"))
    before = closing.with_columns(pl.col("period") + 1)
    opening = these.lines.filter(pl.col("kind") == Kind.OPENING.value).group_by(keys).agg(pl.sum("grams"))
    both = opening.join(before, on=keys, how="full", coalesce=True, suffix="_before").fill_null(0)
    return both.filter(pl.col("grams") != pl.col("grams_before")).with_columns(about=pl.col("product"))


def _licences(these: Read) -> pl.DataFrame:
    shipped = these.lines.filter(pl.col("kind") == Kind.EXPORTED.value, pl.col("licence_no") != "")
    held = shipped.join(these.licences, on="licence_no", how="left").sort("day")
    used = held.with_columns(used=pl.col("grams").cum_sum().over("licence_no"))
    wrong = (
        pl.col("exporter").is_null()
        | (pl.col("exporter") != pl.col("organisation"))
        | (pl.col("expires") < pl.col("day"))
        | ~pl.col("allowed").str.contains(pl.col("destination"), literal=True)
        | (pl.col("used") > pl.col("ceiling"))
    )
    return used.filter(wrong).with_columns(about=pl.col("licence_no"))


def _mirror(these: Read) -> pl.DataFrame:
    keys = ["seller", "buyer", "stage", "period"]
    traded = these.lines.join(these.parties, on="party").join(
        these.products.select("product", "stage"), on="product"
    )

    def side(kind: Kind, seller: str, buyer: str) -> pl.DataFrame:
        rows = traded.filter(pl.col("kind") == kind.value)
        return rows.select(
            pl.col(seller).alias("seller"), pl.col(buyer).alias("buyer"), "stage", "period", "grams"
        ).group_by(keys).agg(pl.sum("grams"))  # fmt: skip

    sold, bought = side(Kind.SOLD, "organisation", "other"), side(Kind.PURCHASED, "other", "organisation")
    both = sold.join(bought, on=keys, how="full", coalesce=True, suffix="_bought").fill_null(0).sort("period")
    pair = ["seller", "buyer", "stage"]
    summed = both.with_columns(
        gap=(pl.col("grams") - pl.col("grams_bought")).cum_sum().over(pair).abs(),
        size=pl.max_horizontal("grams", "grams_bought").cum_sum().over(pair),
    )
    off = summed.filter(pl.col("gap") > pl.max_horizontal(pl.lit(FLOOR_G), pl.col("size") * SHARE))
    return off.with_columns(organisation=pl.col("seller"), about=pl.col("buyer"))


def _prices(these: Read) -> pl.DataFrame:
    symbols = pl.concat_list(*ELEMENT_SYMBOLS)
    names = pl.DataFrame(
        {
            "place": range(len(ELEMENT_SYMBOLS)),
            "element": ["nd" if one == "pr" else one for one in ELEMENT_SYMBOLS],
        }
    )
    goods = these.products.with_columns(place=symbols.list.arg_max().cast(pl.Int64)).join(names, on="place")
    main = (
        pl.when(pl.col("stage").is_in(["magnet", "magnet_block", "assembly"]))
        .then(pl.lit(""))
        .otherwise(pl.col("element"))
    )
    goods = goods.select("product", "stage", "family", main.alias("main"))
    priced = [Kind.SOLD.value, Kind.PURCHASED.value, Kind.EXPORTED.value, Kind.IMPORTED.value]
    rows = these.lines.filter(pl.col("kind").is_in(priced), pl.col("grams") > 0, pl.col("fen").is_not_null())
    abroad = pl.col("kind").is_in([Kind.EXPORTED.value, Kind.IMPORTED.value])
    rows = rows.with_columns(market=pl.when(abroad).then(pl.lit("export")).otherwise(pl.lit("home")))
    held = rows.join(goods, on="product").join(
        these.prices, on=["period", "stage", "family", "main", "market"]
    )
    unit = pl.col("fen") * 1000 / pl.col("grams")
    off = held.filter((unit < pl.col("low")) | (unit > pl.col("high")))
    return off.with_columns(about=pl.col("product"))


def written(found: pl.DataFrame) -> None:
    """What was found into a table of its own."""
    body = io.BytesIO()
    found.write_csv(body, include_header=False)
    body.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE by_hand (code text, organisation bigint, period int, about text)"
        )
        cursor.cursor.copy_expert("COPY by_hand FROM STDIN (FORMAT csv)", body)
        cursor.execute("DROP TABLE by_hand")


def row_by_row(most: int) -> tuple[int, int]:
    """The same four questions asked of one line after the other, as a first version would; lines looked at, and off."""
    filings = Filing.objects.in_force()
    lines = Line.objects.filter(filing__in=filings).select_related(
        "filing__organisation", "product", "counterparty"
    )
    looked_at = off = 0
    for line in islice(lines.order_by("filing_id", "line_no").iterator(chunk_size=2_000), most):
        looked_at += 1
        off += _off(line)
    return looked_at, off


def _off(line: Line) -> bool:
    filing, party = line.filing, line.counterparty
    same = Line.objects.filter(filing__in=Filing.objects.in_force(), product=line.product)
    if line.kind == Kind.OPENING:
        before = same.filter(
            filing__organisation=filing.organisation, filing__period=filing.period - 1, kind=Kind.CLOSING
        )
        return sum(one.quantity_g or 0 for one in before) != line.quantity_g
    if line.kind == Kind.EXPORTED and line.licence_no:
        licence = Licence.objects.filter(licence_no=line.licence_no).first()
        if (
            licence is None
            or licence.exporter_id != filing.organisation_id
            or line.destination not in licence.destination
        ):
            return True
    if (
        line.kind in {Kind.SOLD, Kind.PURCHASED}
        and party is not None
        and party.id_type == "USCC"
        and line.invoice_no
    ):
        kind = Kind.PURCHASED if line.kind == Kind.SOLD else Kind.SOLD
        theirs = Line.objects.filter(
            filing__organisation__uscc=party.id_number,
            filing__period=filing.period,
            kind=kind,
            invoice_no=line.invoice_no,
        )
        if sum(one.quantity_g or 0 for one in theirs) != line.quantity_g:
            return True
    if line.value_fen and line.quantity_g and line.product is not None:
        band = ReferencePrice.objects.filter(
            period=filing.period, stage=line.product.stage, family=line.product.family
        ).first()
        unit = line.value_fen * 1000 / line.quantity_g
        return band is not None and not band.low_fen <= unit <= band.high_fen
    return False
