"""The laws that the checks rest on: an id in the rule, the citation in words here.

A citation is data with a date: a check that outlives a law keeps its id, and the words here say what became
of it. `url` is empty where no official address was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["LAWS", "Law"]


@dataclass(frozen=True, slots=True)
class Law:
    """One source of law or standard: how it is cited, and where to read it (may be empty)."""

    id: str
    citation: str
    url: str = ""


def _(words: str) -> str:
    return words


_ALL: Final = (
    Law(
        "RE-REG-14",
        _("Regulations on Rare Earth Administration (State Council Order 785, in force 1 October 2024), "
          "article 14: true records of product flows, entered in the traceability system"),
    ),
    Law(
        "INTERIM-71",
        _("Interim Measures for total-amount control of rare earth mining and separation "
          "(Order 71 of 2025): the flows of the month before are entered before the 10th"),
    ),
    Law(
        "MAGNET-2025",
        _("Magnet tracking duty of June 2025: producers submit trading volumes and the names of clients"),
    ),
    Law(
        "DUAL-USE",
        _("Regulations on Export Control of Dual-Use Items (State Council Order 792, in force "
          "1 December 2024): end user and end use of exported goods"),
    ),
    Law(
        "NO18",
        _("Announcement No. 18 of 2025 of the Ministry of Commerce and the General Administration of "
          "Customs: controls on medium and heavy rare earth items"),
    ),
    Law("CUSTOMS", _("Customs Law of the People's Republic of China: true declaration of goods")),
    Law(
        "VAT-RE",
        _("State Taxation Administration Announcement No. 17 of 2012: the dedicated VAT invoices of rare "
          "earth enterprises"),
    ),
    Law(
        "GB32100",
        _("GB 32100-2015, coding rule of the unified social credit identifier for legal entities and other "
          "organisations"),
    ),
    Law("ISO17442", _("ISO 17442-1:2020, legal entity identifier (LEI), check digits by ISO/IEC 7064 MOD 97-10")),
    Law("ISO3166", _("ISO 3166-1:2020, codes for the names of countries")),
    Law("EU-VAT", _("Council Directive 2006/112/EC, article 215: the form of European VAT numbers")),
    Law("EU-EORI", _("Union Customs Code, Regulation (EU) No 952/2013, article 9: economic operators' numbers")),
    Law("DUNS", _("D-U-N-S Number: nine digits, issued by Dun & Bradstreet")),
    Law(
        "MIIT-2016",
        _("Norm conditions for the rare earth industry (Ministry of Industry and Information Technology, "
          "2016): recovery rates of mining, separation and smelting"),
    ),
    Law("GBT13560", _("GB/T 13560-2017, sintered neodymium iron boron permanent magnets: grades and composition")),
    Law("IUPAC", _("IUPAC standard atomic weights: what an oxide or a compound can hold of its metal")),
    Law(
        "DICTIONARY",
        _("Data dictionary of this portal: in equals out for each product, and opening stock equals the "
          "closing stock of the month before"),
    ),
)  # fmt: skip

LAWS: Final[dict[str, Law]] = {law.id: law for law in _ALL}
