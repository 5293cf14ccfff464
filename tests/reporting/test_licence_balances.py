"""While exports are filed, what their licences have left stands beside them."""

from __future__ import annotations

import pytest

from portal.accounts.models import Organisation, User
from reporting.models import Kind
from reporting.queries.licence_balances import licences_in_words
from tests import factories
from tests.conftest import signed_in
from tests.licensing import issued


@pytest.fixture
def exports(aurora: Organisation, alma: User):
    """A draft with three exports: two under one licence, one under a number that is none of Aurora's."""
    product, client = factories.product(aurora), factories.counterparty(aurora)
    filing = factories.filing(aurora, created_by=alma)
    issued.licence(aurora, issued.line_terms(kg=100), licence_no="REL-1")
    for number, (kg, licence) in enumerate((("30", "REL-1"), ("12.5", "REL-1"), ("4", "REL-9")), 1):
        factories.line(
            filing,
            number,
            Kind.EXPORTED,
            product,
            kg,
            "5000",
            counterparty=client,
            destination="DE",
            licence_no=licence,
        )
    return filing


def test_the_balance_stands_beside_what_the_filing_exports(exports) -> None:
    ours, unknown = licences_in_words(exports)
    assert (ours["label"], ours["left"], ours["filed"], ours["text"]) == ("REL-1", "100", "42.5", "")
    assert ours["url"].startswith("/licences/")
    assert (unknown["label"], unknown["filed"]) == ("REL-9", "4")
    assert "no licence with this number" in unknown["text"]


def test_the_page_and_the_grid_show_it(exports, alma: User) -> None:
    page = signed_in(alma).get(f"/filings/{exports.pk}/").content.decode()
    assert "REL-1" in page
    assert "In this filing, kg" in page


def test_anothers_licence_shows_nothing_of_itself(exports, aurora, borealis: Organisation) -> None:
    issued.licence(borealis, issued.line_terms(kg=777), licence_no="REL-9")
    _ours, anothers = licences_in_words(exports)
    assert (anothers["left"], anothers["url"]) == ("", "")


def test_a_filing_without_licences_asks_for_none(aurora: Organisation, django_assert_num_queries) -> None:
    filing = factories.filing(aurora)
    with django_assert_num_queries(1):
        assert licences_in_words(filing) == []
