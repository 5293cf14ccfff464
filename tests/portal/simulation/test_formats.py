"""Every cell as the data dictionary says."""

import re

import pytest

CONTENTS = [f"{s}_pct" for s in "la ce pr nd sm eu gd tb dy ho er tm yb lu sc y".split()]
COLUMNS = {
    "organisations": "uscc name_zh name_en activities province reports_from reports_until capacity_kg_year".split(),
    "products": [
        *"organisation code name stage family hs_code grade processing_level partners".split(), *CONTENTS,
        "assay_rel_uncertainty_pct",
    ],
    "counterparties": (
        "organisation code name name_local country id_type id_number address city end_use end_user_name "
        "end_user_country"
    ).split(),
    "filings": "organisation period version submitted_at nil amendment_reason status".split(),
    "lines": (
        "organisation period version line_no kind product quantity_kg value_cny counterparty destination licence_no "
        "declaration_no invoice_no licence_line_no date batch from_batches note"
    ).split(),
    "licences": (
        "licence_no exporter kind issued_on expires_on status suspended_from suspended_until revoked_on max_uses "
        "tolerance_pct consignee_name consignee_id end_user_name end_user_id destination"
    ).split(),
    "licence_lines": "licence_no line_no control_code hs_code description quantity_kg".split(),
    "declarations": (
        "declaration_no item_no declared_on exporter licence_no licence_line_no hs_code description quantity_kg value_cny "
        "destination consignee_name"
    ).split(),
    "extensions": "organisation period until reason".split(),
    "lots": [
        *"organisation batch product".split(), *CONTENTS, "assay_rel_uncertainty_pct", "assay_no", "laboratory",
        "assayed_on",
    ],
    "quotas": "organisation year stage quantity_kg".split(),
    "reference_prices": "period stage family main_element market low_cny_kg high_cny_kg".split(),
    "lateness": "organisation period due submitted_at state".split(),
}  # fmt: skip
KEYS = {
    "organisations": ["uscc"],
    "products": ["organisation", "code"],
    "counterparties": ["organisation", "code"],
    "filings": ["organisation", "period", "version"],
    "lines": ["organisation", "period", "version", "line_no"],
    "lots": ["organisation", "batch", "product"],
    "licences": ["licence_no"],
    "licence_lines": ["licence_no", "line_no"],
    "declarations": ["declaration_no", "item_no"],
    "quotas": ["organisation", "year", "stage"],
    "reference_prices": ["period", "stage", "family", "main_element", "market"],
}
STAGES = "concentrate mixed_carbonate oxide metal alloy magnet_block magnet assembly scrap target compound"
PATTERNS = {
    ("lines", "quantity_kg"): r"\d+(\.\d{1,3})?",
    ("lines", "value_cny"): r"(\d+\.\d\d)?",
    ("lines", "version"): r"[12]",
    ("lines", "line_no"): r"[1-9]\d*",
    ("lines", "period"): r"20\d\d-(0[1-9]|1[0-2])",
    ("lines", "date"): r"(20\d\d-[01]\d-[0-3]\d)?",
    ("lines", "destination"): r"([A-Z]{2})?",
    ("lines", "declaration_no"): r"(\d{18})?",
    ("lines", "batch"): r"[^;:/]*",
    ("lines", "from_batches"): r"(([0-9A-Z]{18}/)?[^;:/]+:\d+(\.\d+)?(;(?!$)|$))*",
    ("filings", "submitted_at"): r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00",
    ("filings", "nil"): r"true|false",
    ("filings", "status"): r"submitted|accepted|withdrawn",
    ("products", "stage"): STAGES.replace(" ", "|"),
    ("products", "family"): r"(ndfeb|smco)?",
    ("products", "hs_code"): r"\d{10}",
    ("products", "processing_level"): r"(bulk|primary_shape|assembly)?",
    ("counterparties", "country"): r"[A-Z]{2}",
    ("counterparties", "id_type"): r"(USCC|LEI|VAT|EORI|DUNS)?",
    ("organisations", "reports_from"): r"(20\d\d-[01]\d)?",
    ("organisations", "capacity_kg_year"): r"\d*",
    ("extensions", "until"): r"20\d\d-[01]\d-[0-3]\d",
    ("quotas", "stage"): r"concentrate|oxide",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_the_dictionarys(nation, table):
    assert list(nation[table].columns) == COLUMNS[table]


@pytest.mark.parametrize("table", COLUMNS)
def test_every_cell_is_text(nation, table):
    assert nation[table].map(type).eq(str).all(axis=None)


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique(nation, table):
    assert not nation[table].duplicated(KEYS[table]).any()


@pytest.mark.parametrize(("table", "column"), PATTERNS)
def test_cells_follow_their_format(nation, table, column):
    pattern = re.compile(PATTERNS[table, column])
    assert [text for text in set(nation[table][column]) if not pattern.fullmatch(text)] == []


def test_contents_add_up_to_at_most_a_hundred(nation):
    for table in ("products", "lots"):
        contents = nation[table][CONTENTS].replace("", "0").astype(float)
        assert contents.sum(axis=1).max() <= 100
        assert (contents >= 0).all(axis=None)


def test_lines_name_products_and_partners_that_are_there(nation):
    products = set(zip(nation["products"]["organisation"], nation["products"]["code"], strict=True))
    parties = set(
        zip(nation["counterparties"]["organisation"], nation["counterparties"]["code"], strict=True)
    )
    lines = nation["lines"]
    named = lines[lines["counterparty"] != ""]
    assert set(zip(lines["organisation"], lines["product"], strict=True)) <= products
    assert set(zip(named["organisation"], named["counterparty"], strict=True)) <= parties


def test_what_a_kind_requires_is_there(in_force):
    kind = in_force["kind"]
    alone = kind.isin(["opening", "produced", "consumed", "gained", "lost", "closing"])
    assert ((in_force["counterparty"] == "") == alone).all()
    assert ((in_force["date"] == "") == alone).all()
    assert (in_force["value_cny"] != "")[kind.isin(["purchased", "imported", "sold", "exported"])].all()
    assert ((in_force["destination"] != "") == (kind == "exported")).all()
    assert ((in_force["declaration_no"] != "") == kind.isin(["exported", "imported"])).all()
    assert (in_force["invoice_no"] != "")[kind.isin(["sold", "purchased", "exported"])].all()
    assert (in_force["note"] != "")[kind == "gained"].all()
    assert (in_force["grams"] > 0)[~kind.isin(["opening", "closing"])].all()


def test_a_first_version_without_an_invoice_says_why(nation):
    bare = nation["lines"].query("kind in ('sold', 'purchased', 'exported') and invoice_no == ''")
    assert (bare["note"] != "").all()
    assert (bare["version"] == "1").all()


def test_dates_lie_in_their_month(in_force):
    dated = in_force[in_force["date"] != ""]
    assert (dated["date"].str[:7] == dated["period"]).all()


def test_invoices_and_declarations_are_given_once(in_force):
    sold = in_force[in_force["kind"].isin(["sold", "exported"])]
    assert not sold["invoice_no"].duplicated().any()
    crossed = in_force[in_force["declaration_no"] != ""]
    assert not crossed["declaration_no"].duplicated().any()


def test_controlled_exports_carry_a_licence_and_others_none(nation, in_force):
    exports = in_force[in_force["kind"] == "exported"].merge(
        nation["products"], left_on=["organisation", "product"], right_on=["organisation", "code"]
    )
    magnets = exports[(exports["stage"] == "magnet") & (exports["date"] >= "2025-04-04")]
    heavy = (magnets["dy_pct"].replace("", "0").astype(float) > 0) | (
        magnets["tb_pct"].replace("", "0").astype(float) > 0
    )
    samarium = magnets["family"] == "smco"
    assert ((magnets["licence_no"] != "") == (heavy | samarium)).all()
    assert (exports.query("date < '2025-04-04'")["licence_no"] == "").all()
    assert (exports[exports["stage"] == "assembly"]["licence_no"] == "").all()


def test_an_export_client_says_what_the_goods_are_for(nation, in_force):
    exported = in_force[in_force["kind"] == "exported"][["organisation", "counterparty"]].drop_duplicates()
    clients = exported.merge(
        nation["counterparties"], left_on=["organisation", "counterparty"], right_on=["organisation", "code"]
    )
    assert (clients["end_use"] != "").all()
    assert (clients["country"] != "CN").all()
