"""A made-up nation's tables of text as the frames that the checks read, without a database between."""

from __future__ import annotations

import numpy as np
import pandas as pd

from portal.core.months import Month
from reporting.checks import columns
from reporting.checks.columns import CONTENT_COLUMNS, KIND_CODES, NA, STAGE_CODES, Tables
from reporting.checks.nation.columns import Part, References, table

PRODUCT_WORDS = ("code", "name", "family", "hs_code", "grade", "processing_level", "partners")
PARTY_WORDS = (
    "code", "name", "name_local", "country", "id_type", "id_number", "address", "city", "end_use", "end_user_name",
    "end_user_country",
)  # fmt: skip
LINE_WORDS = ("invoice_no", "batch", "declaration_no", "destination", "licence_no", "note")
EPOCH = pd.Timestamp("1970-01-01", tz="UTC")


def frames_of(nation: dict[str, pd.DataFrame]) -> tuple[Part, References]:
    """One part with every filing in force, and the references."""
    owners = nation["organisations"].reset_index(drop=True)
    owner = {uscc: place + 1 for place, uscc in enumerate(owners["uscc"])}
    filings = _in_force(nation["filings"], owner)
    products = nation["products"].reset_index(drop=True)
    parties = nation["counterparties"].reset_index(drop=True)
    lines = _lines(nation["lines"], filings, products, parties)
    tables = Tables(
        filings=columns.table("filings", {
            "filing_id": filings["filing_id"].to_numpy(), "organisation_id": filings["organisation_id"].to_numpy(),
            "period": filings["month"].to_numpy(), "judged": np.ones(len(filings), dtype=bool),
            "nil": (filings["nil"] == "true").to_numpy(),
        }),
        lines=lines,
        products=columns.table("products", {
            "product_id": np.arange(1, len(products) + 1), "organisation_id": _ids(products, owner),
            "stage": [STAGE_CODES[stage] for stage in products["stage"]],
            **{name: products[name] for name in PRODUCT_WORDS},
            **{name: _float(products[name]) for name in (*CONTENT_COLUMNS, "assay_rel_uncertainty_pct")},
        }),
        counterparties=columns.table("counterparties", {
            "counterparty_id": np.arange(1, len(parties) + 1), "organisation_id": _ids(parties, owner),
            **{name: parties[name] for name in PARTY_WORDS},
        }),
        obligations=columns.table("obligations"),
        lots=_lots(nation["lots"], products),
    )  # fmt: skip
    return Part(
        tables, _invoices(nation["invoices"]), _declarations(nation["declarations"], owner)
    ), _references(nation, owners, owner)


def _ids(frame: pd.DataFrame, owner: dict[str, int]) -> np.ndarray:
    return frame["organisation"].map(owner).to_numpy(dtype=np.int64)


def _float(texts: pd.Series) -> np.ndarray:
    return pd.to_numeric(texts.where(texts != ""), errors="coerce").to_numpy(dtype=float)


def units(texts: pd.Series, places: int) -> np.ndarray:
    """Decimal texts as whole units; NA where empty."""
    found = _float(texts)
    return np.where(np.isnan(found), NA, np.rint(np.nan_to_num(found) * 10**places).astype(np.int64))


def months(texts: pd.Series) -> np.ndarray:
    """YYYY-MM as months' indexes."""
    known = {text: Month.parse(text).index for text in texts.unique()}
    return texts.map(known).to_numpy(dtype=np.int64)


def _in_force(filings: pd.DataFrame, owner: dict[str, int]) -> pd.DataFrame:
    kept = filings[filings["status"] != "withdrawn"].assign(number=lambda rows: rows["version"].astype(int))
    last = kept.sort_values("number").groupby(["organisation", "period"], as_index=False).last()
    return last.assign(
        filing_id=np.arange(1, len(last) + 1), organisation_id=_ids(last, owner), month=months(last["period"])
    )


def _lines(
    lines: pd.DataFrame, filings: pd.DataFrame, products: pd.DataFrame, parties: pd.DataFrame
) -> pd.DataFrame:
    keys = ["organisation", "period", "version"]
    met = lines.merge(filings[[*keys, "filing_id"]], on=keys)
    numbered = products.assign(product_id=np.arange(1, len(products) + 1))
    met = met.merge(
        numbered[["organisation", "code", "product_id"]], how="left", left_on=["organisation", "product"],
        right_on=["organisation", "code"],
    ).drop(columns="code")  # fmt: skip
    known = parties.assign(counterparty_id=np.arange(1, len(parties) + 1))
    met = met.merge(
        known[["organisation", "code", "counterparty_id"]], how="left", left_on=["organisation", "counterparty"],
        right_on=["organisation", "code"],
    )  # fmt: skip
    day = pd.to_datetime(met["date"].where(met["date"] != ""), utc=True)
    return columns.table("lines", {
        "filing_id": met["filing_id"].to_numpy(), "line_no": met["line_no"].astype(int).to_numpy(),
        "kind": [KIND_CODES[kind] for kind in met["kind"]],
        "product_id": met["product_id"].fillna(NA).astype(np.int64).to_numpy(),
        "counterparty_id": met["counterparty_id"].fillna(NA).astype(np.int64).to_numpy(),
        "quantity_g": units(met["quantity_kg"], 3), "value_fen": units(met["value_cny"], 2),
        **{name: met[name] for name in LINE_WORDS},
        "date": ((day - EPOCH).dt.days).fillna(NA).astype(np.int64).to_numpy(),
    })  # fmt: skip


def _lots(lots: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    numbered = products.assign(product_id=np.arange(1, len(products) + 1))
    met = lots.merge(
        numbered[["organisation", "code", "product_id"]], left_on=["organisation", "product"],
        right_on=["organisation", "code"],
    )  # fmt: skip
    names = (*CONTENT_COLUMNS, "assay_rel_uncertainty_pct")
    return columns.table("lots", {
        "product_id": met["product_id"].to_numpy(), "batch": met["batch"],
        **{name: _float(met[name]) for name in names},
    })  # fmt: skip


def _invoices(invoices: pd.DataFrame) -> pd.DataFrame:
    issued = pd.to_datetime(invoices["issued_on"], utc=True)
    return table("invoices", {
        **{name: invoices[name] for name in ("invoice_no", "seller", "buyer", "status")},
        "issued": (issued - EPOCH).dt.days.to_numpy(), "period": months(invoices["issued_on"].str[:7]),
        "quantity_g": units(invoices["quantity_kg"], 3), "value_fen": units(invoices["value_cny"], 2),
    })  # fmt: skip


def _declarations(records: pd.DataFrame, owner: dict[str, int]) -> pd.DataFrame:
    return table("declarations", {
        "declaration_no": records["declaration_no"], "item_no": records["item_no"].astype(int).to_numpy(),
        "organisation_id": records["exporter"].map(owner).to_numpy(dtype=np.int64),
        "period": months(records["declared_on"].str[:7]), "quantity_g": units(records["quantity_kg"], 3),
        "value_fen": units(records["value_cny"], 2), "destination": records["destination"],
        "stands": np.ones(len(records), dtype=bool),
    })  # fmt: skip


def _references(nation: dict[str, pd.DataFrame], owners: pd.DataFrame, owner: dict[str, int]) -> References:
    quotas, prices = nation["quotas"], nation["reference_prices"]
    return References(
        table("organisations", {
            "organisation_id": np.arange(1, len(owners) + 1), "uscc": owners["uscc"],
            "reports": (owners["reports_from"] != "").to_numpy(), "capacity_g": units(owners["capacity_kg_year"], 3),
        }),
        table("quotas", {
            "organisation_id": _ids(quotas, owner), "year": quotas["year"].astype(int).to_numpy(),
            "stage": [STAGE_CODES[stage] for stage in quotas["stage"]], "quantity_g": units(quotas["quantity_kg"], 3),
        }),
        table("prices", {
            "period": months(prices["period"]), "stage": [STAGE_CODES[stage] for stage in prices["stage"]],
            **{name: prices[name] for name in ("family", "main_element", "market")},
            "low_fen": units(prices["low_cny_kg"], 2), "high_fen": units(prices["high_cny_kg"], 2),
        }),
    )  # fmt: skip
