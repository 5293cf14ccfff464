"""Stocks and mirrors hold to the gram."""

import pandas as pd

from portal.core.months import Month

INTO = ["opening", "produced", "purchased", "imported", "returned_in", "tolled_in", "gained"]
MIRRORS = {"sold": "purchased", "returned_out": "returned_in", "tolled_out": "tolled_in"}


def test_in_is_out_for_every_product_of_every_filing(in_force):
    signed = in_force["grams"].where(in_force["kind"].isin(INTO), -in_force["grams"])
    assert (
        signed.groupby([in_force["organisation"], in_force["period"], in_force["product"]]).sum() == 0
    ).all()


def test_first_versions_balance_too(nation):
    first = nation["lines"].query("version == '1'")
    grams = (first["quantity_kg"].astype(float) * 1000).round().astype("int64")
    signed = grams.where(first["kind"].isin(INTO), -grams)
    assert (signed.groupby([first["organisation"], first["period"], first["product"]]).sum() == 0).all()


def test_opening_is_the_last_closing(nation, in_force):
    def stock(kind: str) -> dict[tuple[str, int, str], int]:
        rows = in_force[in_force["kind"] == kind]
        return {(r.organisation, Month.parse(r.period).index, r.product): r.grams for r in rows.itertuples()}

    opening, closing = stock("opening"), stock("closing")
    nil = {
        (r.organisation, Month.parse(r.period).index)
        for r in nation["filings"].itertuples()
        if r.nil == "true" and r.status != "withdrawn"
    }
    filed = {(organisation, month) for organisation, month, _ in opening} | nil
    compared = 0
    for (organisation, month, product), grams in opening.items():
        before = month - 1
        while (organisation, before) in nil:
            before -= 1
        if (organisation, before) in filed:
            assert closing.get((organisation, before, product), 0) == grams
            compared += 1
    assert compared > 3000


def _both_sides(nation: dict[str, pd.DataFrame], lines: pd.DataFrame) -> pd.DataFrame:
    """Lines whose partner is an organisation that filed the same month, with the partner's code."""
    parties = nation["counterparties"][["organisation", "code", "id_number"]]
    joined = lines.merge(
        parties,
        left_on=["organisation", "counterparty"],
        right_on=["organisation", "code"],
        validate="many_to_one",
    )
    filed = nation["filings"].query("status != 'withdrawn'")[["organisation", "period"]].drop_duplicates()
    return joined.merge(filed.rename(columns={"organisation": "id_number"}), on=["id_number", "period"])


def test_what_one_sells_the_other_buys(nation, in_force):
    paper = ["period", "grams", "value_cny", "invoice_no", "date", "batch"]
    for out, into in MIRRORS.items():
        given = _both_sides(nation, in_force[in_force["kind"] == out])
        taken = _both_sides(nation, in_force[in_force["kind"] == into])
        assert len(given) > 0
        one = given[["organisation", "id_number", *paper]].sort_values(["organisation", "id_number", *paper])
        two = taken[["id_number", "organisation", *paper]].sort_values(["id_number", "organisation", *paper])
        assert one.to_numpy().tolist() == two.to_numpy().tolist()


def test_both_sides_hold_the_same_material(nation, in_force):
    products = nation["products"][["organisation", "code", "stage", "grade", "hs_code"]]
    lines = in_force.merge(products, left_on=["organisation", "product"], right_on=["organisation", "code"])
    sold, bought = lines.query("kind == 'sold'"), lines.query("kind == 'purchased'")
    pairs = sold.merge(bought, on="invoice_no", suffixes=("_sold", "_bought"))
    assert len(pairs) > 1000
    for column in ("stage", "grade", "hs_code"):
        assert (pairs[f"{column}_sold"] == pairs[f"{column}_bought"]).all()


def test_a_lot_gives_no_more_than_it_was(in_force):
    lots = in_force[in_force["batch"] != ""]
    made = lots[lots["kind"] == "produced"].groupby(["organisation", "batch", "product"])["grams"].sum()
    left = (
        lots[lots["kind"].isin(["sold", "exported"])]
        .groupby(["organisation", "batch", "product"])["grams"]
        .sum()
    )
    both = made.to_frame("made").join(left.rename("left"), how="inner")
    assert len(both) > 500
    assert (both["left"] <= both["made"]).all()
