"""Parties that come up later: clients and companies that were not there when the nation was made."""

from portal.core.months import Month
from portal.simulation.domain.chance import Chance
from portal.simulation.domain.identity_numbers import uscc
from portal.simulation.domain.planter import Planter, texts

_CITIES = ("宁波", "赣州", "包头", "烟台", "绵阳", "合肥")
_NAMES = "恒瑞嘉盛泰和兴达昌源信诚永利宏远"
_REGIONS = ("330201", "360701", "150201", "370601", "510701", "340101")


def stranger(chance: Chance, trade: str) -> dict[str, str]:
    """A company at home that nobody knew, as it would stand in a list of counterparties."""
    place = chance.whole(0, len(_CITIES) - 1)
    brand = "".join(chance.some(_NAMES, 3))
    return {
        "name": f"{_CITIES[place]}{brand}{trade}有限公司", "country": "CN", "id_type": "USCC",
        "id_number": uscc(chance, _REGIONS[place]), "city": _CITIES[place],
        "address": f"{_CITIES[place]}市工业园区{chance.pick(_NAMES)}路{chance.whole(1, 999)}号",
    }  # fmt: skip


def meet(planter: Planter, owner: str, party: dict[str, str]) -> str:
    """The code under which the organisation lists the party; it is listed if it was not."""
    code = planter.codes.get((owner, party["id_number"]))
    if code is None:
        letter = "N" if planter.enterprise(party["id_number"]) else "K"
        code = f"{letter}{9000 + len(planter.met)}"
        planter.codes[owner, party["id_number"]] = code
        planter.met.append({"organisation": owner, "code": code, **party})
    return code


def found_company(planter: Planter, like: str, product: str, first: int) -> tuple[str, str]:
    """A new enterprise that files from the month on and holds the product as another does: its code and the product's."""
    party = stranger(planter.chance, "新材料")
    company, books = party["id_number"], planter.books
    owners, catalogue, filings = (books.tables[name] for name in ("organisations", "products", "filings"))
    row = texts(owners[owners["uscc"] == like])[0]
    planter.table("organisations").append(row | {
        "uscc": company, "name_zh": party["name"], "name_en": "", "activities": "trader", "capacity_kg_year": "",
        "reports_from": str(Month(first)),
    })  # fmt: skip
    own = texts(catalogue[(catalogue["organisation"] == like) & (catalogue["code"] == product)])[0]
    planter.table("products").append(own | {"organisation": company, "code": "P001"})
    planter.stages[company, "P001"] = own["stage"]
    planter.goods[company, "P001"] = own["name"]
    planter.parties[company] = {**party, "name_local": ""}
    seen: set[str] = set()
    for filed in texts(filings[filings["organisation"] == like]):
        if (
            filed["period"] >= str(Month(first))
            and filed["period"] not in seen
            and filed["status"] != "withdrawn"
        ):
            seen.add(filed["period"])
            planter.table("filings").append(
                filed | {"organisation": company, "version": "1", "nil": "false", "amendment_reason": ""}
            )
            books.open(company, filed["period"])
    return company, "P001"
