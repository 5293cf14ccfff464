"""Oxide and metal, with the factors of the elements' data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.registry.domain.conversion import (
    UnknownElementError,
    element_pct_of_oxide_pct,
    elements_in,
    metal_of_oxide,
    oxide_of_metal,
    oxide_pct_of_element_pct,
    reo_of,
)

ND, DY = Decimal("0.857355"), Decimal("0.871315")


def test_oxide_to_metal_and_back() -> None:
    assert round(metal_of_oxide(Decimal(1000), ND), 1) == Decimal("857.4")
    assert round(oxide_of_metal(Decimal(1000), ND), 1) == Decimal("1166.4")
    assert oxide_of_metal(metal_of_oxide(Decimal("12.345"), DY), DY) == pytest.approx(Decimal("12.345"))


def test_contents_as_a_laboratory_gives_them() -> None:
    assert round(element_pct_of_oxide_pct(Decimal("99.9"), ND), 2) == Decimal("85.65")
    assert round(oxide_pct_of_element_pct(Decimal("26.68"), ND), 2) == Decimal("31.12")


def test_oxide_equivalent_of_a_magnet() -> None:
    contents = {"nd": Decimal(30), "dy": Decimal(2), "tb": None}
    reo = reo_of(Decimal(100), contents, {"nd": ND, "dy": DY})
    assert round(reo, 3) == Decimal("37.287")
    assert elements_in(Decimal(100), contents) == {"nd": Decimal(30), "dy": Decimal(2)}


def test_an_element_without_factor_is_an_error() -> None:
    with pytest.raises(UnknownElementError):
        reo_of(Decimal(1), {"pm": Decimal(1)}, {})


@pytest.mark.parametrize("share", ["0", "-0.5", "1.2"])
def test_a_share_outside_zero_and_one_is_an_error(share: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        metal_of_oxide(Decimal(1), Decimal(share))
