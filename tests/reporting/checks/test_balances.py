"""Balances by interval arithmetic: rounding never fires, anything more always does; a plain oracle agrees."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.checks.columns import IN_KINDS, KIND_CODES, KINDS, NA, Tables, empty_tables, table
from reporting.checks.run import run

MAY = 2026 * 12 + 4
plain = settings(derandomize=True, deadline=None, max_examples=60, database=None)

grams = st.integers(min_value=0, max_value=10**12)
decimals = st.integers(min_value=0, max_value=3)
movement = st.sampled_from([kind for kind in KINDS if kind not in ("opening", "closing")])


def as_reported(true_grams, dp):
    """Return the whole grams that stand for a true mass rounded to `dp` decimals of a kilogram."""
    step = Decimal(1).scaleb(-dp)
    return int((Decimal(true_grams).scaleb(-3)).quantize(step, ROUND_HALF_UP).scaleb(3))


def books(months, nil=()):
    """Return the tables of one organisation: months is {period: [(kind, product, grams, dp)]}."""
    periods = sorted({*months, *nil})
    rows = [
        (period, number, *line) for period in periods for number, line in enumerate(months.get(period, ()), 1)
    ]
    products = sorted({row[3] for row in rows} | {1})
    empty = empty_tables()
    filings = table(
        "filings",
        {
            "filing_id": [period - MAY + 100 for period in periods],
            "organisation_id": [1] * len(periods),
            "period": periods,
            "version": [1] * len(periods),
            "nil": [period in nil for period in periods],
            "judged": [True] * len(periods),
            "first": [False] * len(periods),
        },
    )
    lines = {
        "filing_id": [row[0] - MAY + 100 for row in rows],
        "line_no": [row[1] for row in rows],
        "kind": [KIND_CODES[row[2]] for row in rows],
        "product_id": [row[3] for row in rows],
        "quantity_g": [row[4] for row in rows],
        "quantity_dp": [row[5] for row in rows],
    }
    owned = {
        "product_id": products,
        "organisation_id": [1] * len(products),
        "code": [f"P{n}" for n in products],
    }
    return Tables(
        filings, table("lines", lines), table("products", owned), empty.counterparties, empty.obligations
    )


def halves(dp):
    """Return half a unit of the last decimal, in half-grams."""
    return 10 ** (3 - dp)


@plain
@given(st.lists(st.tuples(movement, grams, decimals), min_size=1, max_size=12), grams, decimals, decimals)
def test_rounding_a_true_balance_never_fires(moves, opening, opening_dp, closing_dp):
    true = opening + sum(g if KIND_CODES[kind] in IN_KINDS else -g for kind, g, _dp in moves)
    opening, true = opening + max(-true, 0), max(true, 0)
    lines = [("opening", 1, as_reported(opening, opening_dp), opening_dp)]
    lines += [(kind, 1, as_reported(g, dp), dp) for kind, g, dp in moves]
    lines += [("closing", 1, as_reported(true, closing_dp), closing_dp)]
    assert run(books({MAY: lines}), {"ARI001"}).empty


@plain
@given(
    st.lists(st.tuples(movement, grams, decimals), min_size=1, max_size=12),
    st.integers(1, 10**6),
    st.booleans(),
)
def test_an_error_beyond_the_halves_always_fires(moves, beyond, upward):
    allowance = sum(halves(dp) for _kind, _g, dp in moves) + halves(3) * 2
    balance = sum(g if KIND_CODES[kind] in IN_KINDS else -g for kind, g, _dp in moves)
    error = allowance // 2 + beyond
    opening = max(-balance, 0) + error
    closing = opening + balance + (error if upward else -error)
    lines = [
        ("opening", 1, opening, 3),
        *((kind, 1, g, dp) for kind, g, dp in moves),
        ("closing", 1, closing, 3),
    ]
    found = run(books({MAY: lines}), {"ARI001"})
    assert len(found) == 1
    assert found["figures"][0]["imbalance_g"] == (-error if upward else error)


@plain
@given(grams, decimals, decimals, st.integers(0, 3))
def test_stock_rounded_over_the_end_of_a_month_never_fires(stock, closing_dp, opening_dp, nil_months):
    months = {
        MAY - 1 - nil_months: [("closing", 1, as_reported(stock, closing_dp), closing_dp)],
        MAY: [("opening", 1, as_reported(stock, opening_dp), opening_dp)],
    }
    nil = [MAY - 1 - gone for gone in range(nil_months)]
    assert run(books(months, nil), {"STK001", "STK002", "STK003"}).empty


@plain
@given(grams, decimals, decimals, st.integers(1, 10**6))
def test_stock_that_changed_overnight_always_fires(stock, closing_dp, opening_dp, beyond):
    closing = as_reported(stock, closing_dp)
    opening = closing + (halves(closing_dp) + halves(opening_dp)) // 2 + beyond
    months = {MAY - 1: [("closing", 1, closing, closing_dp)], MAY: [("opening", 1, opening, opening_dp)]}
    found = run(books(months), {"STK001", "STK002", "STK003"})
    assert found["code"].tolist() == ["STK001" if closing else "STK003"]


@plain
@given(
    st.dictionaries(
        st.integers(MAY - 5, MAY),
        st.lists(
            st.tuples(st.sampled_from(KINDS), st.integers(1, 3), st.integers(0, 3000), decimals), max_size=8
        ),
        max_size=6,
    ),
    st.sets(st.integers(MAY - 5, MAY), max_size=2),
)
def test_a_plain_reading_of_the_dictionary_agrees(months, nil):
    months = {period: lines for period, lines in months.items() if period not in nil}
    found = run(books(months, nil), {"ARI001", "STK001", "STK002", "STK003"})
    said = {
        (code[:3], period, product)
        for code, period, product in found[["code", "period", "product_id"]].to_numpy()
    }
    assert said == expected(months, nil)


def expected(months, nil):
    """Return what the dictionary says, read line by line."""
    broken = set()
    for period, lines in months.items():
        for product in {line[1] for line in lines}:
            own = [line for line in lines if line[1] == product]
            balance = sum(g if KIND_CODES[kind] in IN_KINDS else -g for kind, _p, g, _dp in own)
            if 2 * abs(balance) > sum(halves(dp) for *_rest, dp in own):
                broken.add(("ARI", period, product))
        before = period - 1
        while before in nil:
            before -= 1
        if lines and months.get(before):
            broken |= {("STK", period, product) for product in moved(lines, months[before])}
    return broken


def moved(lines, before):
    """Return the products whose opening stock is not the closing stock before."""
    for product in {line[1] for line in lines + before}:
        opening = [line for line in lines if line[0] == "opening" and line[1] == product]
        closing = [line for line in before if line[0] == "closing" and line[1] == product]
        gap = sum(line[2] for line in opening) - sum(line[2] for line in closing)
        if 2 * abs(gap) > sum(halves(line[3]) for line in opening + closing):
            yield product


def test_a_month_without_its_predecessor_is_not_judged():
    months = {MAY - 2: [("closing", 1, 5000, 3)], MAY: [("opening", 1, 9000, 3)]}
    assert run(books(months), {"STK001", "STK002", "STK003"}).empty


def test_stock_carries_over_more_than_a_year_of_nil_months():
    months = {MAY - 20: [("closing", 1, 5000, 3)], MAY: [("opening", 1, 9000, 3)]}
    found = run(books(months, nil=range(MAY - 19, MAY)), {"STK001"})
    assert found["values"][0] == {"product": "P1", "opening_kg": "9", "last_closing_kg": "5"}


def test_a_product_with_an_unreadable_quantity_is_not_balanced():
    lines = [("opening", 1, 5000, 3), ("sold", 1, NA, NA), ("opening", 2, 5000, 3)]
    assert run(books({MAY: lines}), {"ARI001"})["product_id"].tolist() == [2]


def test_a_line_without_a_kind_leaves_the_whole_filing_unbalanced():
    tables = books({MAY: [("opening", 1, 5000, 3), ("opening", 2, 5000, 3)]})
    tables.lines.loc[0, "kind"] = 0
    assert run(tables, {"ARI001"}).empty
