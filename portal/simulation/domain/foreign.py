"""Made-up clients and suppliers abroad, with identity numbers whose check digits hold."""

from dataclasses import dataclass
from typing import Final

from portal.simulation.domain.chance import Chance
from portal.simulation.domain.identity_numbers import duns, eori, lei, vat

#: Country, how often, legal forms, cities, streets.
_COUNTRIES: Final = (
    (
        "DE",
        18,
        ("GmbH", "GmbH & Co. KG", "AG"),
        ("Stuttgart", "Hanau", "Chemnitz", "Kassel"),
        "Industriestraße",
    ),
    ("KR", 12, ("Co., Ltd.", "Corp."), ("Incheon", "Gumi", "Daegu"), "Gongdan-ro"),
    ("US", 10, ("Inc.", "LLC", "Corp."), ("Cleveland", "Rochester", "Elk Grove"), "Commerce Drive"),
    ("JP", 8, ("K.K.", "Co., Ltd."), ("Osaka", "Nagoya", "Hamamatsu"), "Chuo-ku"),
    ("VN", 8, ("Co., Ltd.", "JSC"), ("Hai Phong", "Bac Ninh"), "VSIP Road"),
    ("IT", 6, ("S.p.A.", "S.r.l."), ("Bologna", "Torino", "Padova"), "Via dell'Industria"),
    ("PL", 5, ("Sp. z o.o.", "S.A."), ("Katowice", "Poznań"), "ul. Fabryczna"),
    ("IN", 5, ("Pvt. Ltd.", "Ltd."), ("Pune", "Chennai"), "MIDC Road"),
    ("MX", 4, ("S.A. de C.V.",), ("Monterrey", "Querétaro"), "Av. Industrial"),
    ("HU", 3, ("Kft.", "Zrt."), ("Győr", "Miskolc"), "Ipari út"),
    ("SI", 3, ("d.o.o.", "d.d."), ("Ljubljana", "Kranj"), "Industrijska cesta"),
    ("FI", 3, ("Oy", "Oyj"), ("Pori", "Vaasa"), "Teollisuuskatu"),
    ("TH", 4, ("Co., Ltd.",), ("Rayong", "Chonburi"), "Amata Road"),
    ("GB", 3, ("Ltd", "plc"), ("Sheffield", "Derby"), "Station Road"),
)
_STEMS: Final = (
    "Alder", "Borea", "Calder", "Dorna", "Elvar", "Fenwick", "Gralla", "Helion", "Istria", "Jorvik", "Kestrel", "Lumen",
    "Merid", "Norden", "Orbis", "Pallas", "Quarto", "Rhenus", "Solvera", "Tarn", "Umbra", "Velox", "Wexel", "Ymir",
    "Zenta", "Arven", "Brandt", "Corva", "Delphi", "Ember",
)  # fmt: skip
_TAILS: Final = (
    "Antriebe", "Drives", "Motion", "Motors", "Magnetics", "Sensors", "Acoustics", "Mobility", "Windkraft", "Automation",
    "Actuators", "Servo", "Medical", "Robotics",
)  # fmt: skip
_ORES: Final = (("MM", "Minerals Trading Ltd."), ("LA", "Mining Sole Co., Ltd."), ("MY", "Resources Sdn. Bhd."),
                ("AU", "Rare Earths Pty Ltd"), ("BR", "Mineração Ltda."))  # fmt: skip
_USES: Final = (
    "Traction motors for electric cars", "Servo motors for industrial robots", "Loudspeaker drivers",
    "Wind turbine generators", "Position sensors for steering", "Magnetic separators", "Lift machines",
    "Magnetic couplings for pumps", "Compressor motors for air conditioning", "Power tools",
)  # fmt: skip


@dataclass(frozen=True)
class ForeignParty:
    """A company abroad as its contract names it."""

    name: str
    country: str
    id_type: str
    id_number: str
    address: str
    city: str
    end_use: str
    end_user_name: str = ""
    end_user_country: str = ""


def _identity(chance: Chance, country: str) -> tuple[str, str]:
    """A kind of number and the number: a few give none, as in life."""
    drawn = chance.one()
    if drawn < 0.50:
        return "LEI", lei(chance)
    if drawn < 0.74:
        number = vat(chance, country)
        if number:
            return "VAT", number
    if drawn < 0.80 and country in ("DE", "IT", "PL", "HU", "SI", "FI"):
        return "EORI", eori(chance, country)
    if drawn < 0.97:
        return "DUNS", duns(chance)
    return "", ""


def clients(chance: Chance, count: int) -> list[ForeignParty]:
    """So many different clients abroad."""
    drawn: dict[str, ForeignParty] = {}
    bag = [row for row in _COUNTRIES for _ in range(row[1])]
    while len(drawn) < count:
        country, _, forms, cities, street = chance.pick(bag)
        serial = f" {len(drawn) // 300 + 1}" if len(drawn) >= 300 else ""
        name = f"{chance.pick(_STEMS)} {chance.pick(_TAILS)}{serial} {chance.pick(forms)}"
        if name in drawn:
            continue
        id_type, id_number = _identity(chance, country)
        user = ("", "")
        if chance.happens(0.12):
            maker = chance.pick(bag)
            user = (
                f"{chance.pick(_STEMS)} {chance.pick(('Motors', 'Energy', 'Systems'))} {maker[2][0]}",
                maker[0],
            )
        drawn[name] = ForeignParty(
            name, country, id_type, id_number, f"{street} {chance.whole(1, 240)}", chance.pick(cities), chance.pick(_USES), *user
        )  # fmt: skip
    return list(drawn.values())


def ore_suppliers(chance: Chance, count: int) -> list[ForeignParty]:
    """So many different suppliers of ore and carbonate abroad."""
    drawn: dict[str, ForeignParty] = {}
    while len(drawn) < count:
        country, form = _ORES[len(drawn) % len(_ORES)]
        name = f"{chance.pick(_STEMS)}{chance.pick(('land', 'ridge', 'hill', 'field', 'mount'))} {form}"
        if name not in drawn:
            drawn[name] = ForeignParty(
                name, country, "LEI", lei(chance), f"Mine Road {chance.whole(1, 90)}", "", ""
            )
    return list(drawn.values())
