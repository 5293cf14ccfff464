"""Months ready to be signed: enterprises, each with a certifier's token, and drafts in which no check finds anything."""

from __future__ import annotations

from django.db import connection

from portal.accounts.models import ApiToken, Organisation
from portal.accounts.queries.tokens import digest_of
from portal.core.months import Month
from reporting.models import Kind
from tests import factories
from tests.calling import token_for
from tests.conftest import signed_in, with_second_factor
from tests.reporting.filled import CLIENT, SUPPLIER, party

FIRST = Month.parse("2025-01")
# What came in on the first day goes out on the last: the line above a sale is the purchase of the same weight.
_LINES = f"""
INSERT INTO reporting_line (filing_id, line_no, kind, product_id, quantity_g, quantity_dp, value_fen, value_dp, counterparty_id,
                            date, invoice_no, destination, licence_no, declaration_no, batch, from_batches, note)
SELECT f.id, n, CASE WHEN n = 1 THEN {Kind.OPENING} WHEN n = %(lines)s THEN {Kind.CLOSING} WHEN n %% 2 = 0 THEN {Kind.PURCHASED} ELSE {Kind.SOLD} END,
       p.id, CASE WHEN n IN (1, %(lines)s) THEN 0 ELSE grams END, 1,
       CASE WHEN n NOT IN (1, %(lines)s) THEN grams * CASE WHEN n %% 2 = 0 THEN 30 ELSE 33 END END,
       CASE WHEN n NOT IN (1, %(lines)s) THEN 2 END,
       CASE WHEN n NOT IN (1, %(lines)s) THEN CASE WHEN n %% 2 = 0 THEN s.id ELSE c.id END END,
       CASE WHEN n NOT IN (1, %(lines)s) THEN CASE WHEN n %% 2 = 0 THEN day ELSE (day + INTERVAL '1 month' - INTERVAL '1 day')::date END END,
       CASE WHEN n NOT IN (1, %(lines)s) THEN 'V-' || f.period || '-' || n ELSE '' END, '', '', '', '', '', ''
FROM reporting_filing f
JOIN registry_product p ON p.organisation_id = f.organisation_id
JOIN registry_counterparty s ON s.organisation_id = f.organisation_id AND s.code = 'S-01'
JOIN registry_counterparty c ON c.organisation_id = f.organisation_id AND c.code = 'C-01'
CROSS JOIN LATERAL (SELECT make_date(f.period / 12, f.period %% 12 + 1, 1) AS day) AS month
CROSS JOIN generate_series(1, %(lines)s) AS n
CROSS JOIN LATERAL (SELECT 1000 + 100 * (n / 2) AS grams) AS weight
WHERE f.id = ANY(%(filings)s)
"""


def prepare(enterprises: int, months: int, lines: int = 4, *, first: int = 0) -> list[tuple[int, str]]:
    """(number of the filing, token of who may sign it), month by month; each filing has an even number of lines."""
    who = [_enterprise(first + number) for number in range(enterprises)]
    made: list[tuple[int, str]] = []
    for month in range(months):
        period = str(FIRST + month)
        for owner, token in who:
            filing = factories.filing(owner, period, line_count=lines)
            made.append((filing.pk, token))
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"lines": lines, "filings": [number for number, _token in made]})
    return made


def _enterprise(number: int) -> tuple[Organisation, str]:
    owner = factories.organisation(
        f"91330201MA{number:08}", f"Works {number}", reports_from=FIRST, separate_signer=False
    )
    factories.product(owner)
    party(owner, "S-01", **SUPPLIER)
    party(owner, "C-01", **CLIENT)
    person = with_second_factor(factories.user(f"signer-{number}", (owner, "preparer"), (owner, "certifier")))
    return owner, token_for(person)


def people(tokens: list[str]) -> list[tuple[str, str]]:
    """(cookie, token) of a preparer who is signed in, for each enterprise that the tokens belong to."""
    found = []
    for token in tokens:
        owner = ApiToken.objects.select_related("organisation").get(digest=digest_of(token)).organisation
        person = factories.user(f"preparer-{owner.pk}", (owner, "preparer"))
        session = signed_in(person).cookies["sessionid"].value
        found.append((f"sessionid={session}", token))
    return found
