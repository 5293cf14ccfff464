"""Cases that arithmetic alone finds: an invoice voided, of another value or unknown, and a year over its quota."""

from collections.abc import Callable
from typing import Final

from portal.core.months import Month
from portal.simulation.domain.planter import Planter

__all__ = ["PLAIN"]


def _invoice_row(planter: Planter) -> int:
    """Some sale with an invoice, of an organisation that has no case, in a filing of one version."""
    books = planter.books
    kinds, numbers = books.kind, books.cells["invoice_no"]
    last = books.period.max()
    while True:
        row = planter.chance.whole(0, len(kinds) - 1)
        owner = books.cells["organisation"][row]
        plain = kinds[row] == "sold" and numbers[row] and owner not in planter.taken
        if plain and books.period[row] < last - 2 and len(books.twins(row)) == 1:
            return row


def _paper_case(planter: Planter, typology: str, row: int) -> None:
    books = planter.books
    month = int(books.period[row])
    planter.tell(
        typology, books.cells["organisation"][row], (month, month), books.grams[row] / 1000,
        line_no=books.cells["line_no"][row],
    )  # fmt: skip


def _voided(planter: Planter, typology: str) -> None:
    """An invoice voided after the sale was filed."""
    row = _invoice_row(planter)
    planter.books.void(row, str((Month(int(planter.books.period[row])) + 1).last))
    _paper_case(planter, typology, row)


def _another_value(planter: Planter, typology: str) -> None:
    """A sale filed at four fifths of what the invoice says."""
    row = _invoice_row(planter)
    planter.books.price(row, 80)
    _paper_case(planter, typology, row)


def _unknown_number(planter: Planter, typology: str) -> None:
    """A sale filed under a number that nobody issued; its own invoice stays unfiled."""
    row = _invoice_row(planter)
    number = planter.books.cells["invoice_no"][row]
    planter.books.cells["invoice_no"][row] = f"99{number[2:]}"
    _paper_case(planter, typology, row)


def _over_quota(planter: Planter, typology: str) -> None:
    """A quota of nine tenths of what is honestly needed at least."""
    quotas = planter.books.tables["quotas"]
    ends = planter.books.period.max()
    free = [
        place
        for place, (owner, year, kg) in enumerate(
            zip(quotas["organisation"], quotas["year"], quotas["quantity_kg"], strict=True)
        )
        if owner not in planter.taken and int(kg) > 10_000 and int(year) * 12 + 11 <= ends
    ]
    if not free:
        return
    place = planter.chance.pick(free)
    cut = str(int(int(quotas["quantity_kg"][place]) * 0.7))
    planter.books.tables["quotas"] = quotas.assign(
        quantity_kg=[cut if at == place else text for at, text in enumerate(quotas["quantity_kg"])]
    )
    year = int(quotas["year"][place])
    planter.tell(
        typology, str(quotas["organisation"][place]), (year * 12, year * 12 + 11), float(cut) * 3 / 7
    )


PLAIN: Final[dict[str, Callable[[Planter, str], None]]] = {
    "invoice_voided": _voided, "invoice_of_another_value": _another_value, "invoice_unknown": _unknown_number,
    "over_quota": _over_quota,
}  # fmt: skip
