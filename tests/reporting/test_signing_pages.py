"""The pages of signing: everything is shown, obstacles have links, a double click and a stale tab do no harm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Organisation
from reporting.models import Explanation, Filing, Kind, Line
from reporting.services.checking import faults_of
from tests import factories
from tests.conftest import signed_in, with_second_factor
from tests.reporting.filled import filled, handed_over, just_signed_in, puzzling


def shown(client: Client, filing: Filing) -> str:
    response = client.get(f"/filings/{filing.pk}/sign/")
    assert response.status_code == 200, response
    return response.content.decode()


def sign(client: Client, filing: Filing, revision: int | None = None):
    values = {"revision": filing.revision if revision is None else revision}
    return client.post(f"/filings/{filing.pk}/sign/", values)


def test_every_line_party_and_total_that_will_be_signed_is_shown(aurora, alma, bruno) -> None:
    filing = filled(aurora)
    client = factories.counterparty(
        aurora, "DE-7", name="Rheinmotor", id_type="LEI", id_number="529900T8BM49AURSDO55"
    )
    sale = Line.objects.get(filing=filing, line_no=3)
    for number in range(5, 60):
        day = filing.period.first + timedelta(days=number % 28)
        Line.objects.create(
            filing=filing,
            line_no=number,
            kind=Kind.EXPORTED,
            product=sale.product,
            quantity_g=1_000 + number,
            quantity_dp=3,
            counterparty=client,
            destination="DE",
            declaration_no=f"DECL-{number}",
            licence_no="L-1",
            licence_line_no=2,
            batch=f"LOT-{number}",
            note=f"remark {number}",
            date=day,
        )
    Filing.objects.filter(pk=filing.pk).update(line_count=59)
    page = shown(just_signed_in(bruno), handed_over(Filing.objects.get(pk=filing.pk), alma))
    for number in range(5, 60):
        for text in (
            f'id="line-{number}"',
            f"1.{number:03d}",
            f"DECL-{number}",
            f"LOT-{number}",
            f"remark {number}",
        ):
            assert text in page
    for text in ("529900T8BM49AURSDO55", "L-1 / 2", "30,000.00", "91330201MADFQE5E01"):
        assert text in page


def test_changes_against_last_month_name_new_parties_and_destinations(aurora, alma, bruno) -> None:
    january = filled(aurora)
    Filing.objects.filter(pk=january.pk).update(status="submitted", submitted_at=january.created_at)
    february = filled(aurora, "2026-02")
    newcomer = factories.counterparty(aurora, "DE-7", name="Rheinmotor")
    Line.objects.filter(filing=february, line_no=3).update(
        counterparty=newcomer, destination="DE", quantity_g=70_000, quantity_dp=1
    )
    page = shown(just_signed_in(bruno), handed_over(february, alma))
    assert "Compared with January 2026, version 1." in page
    assert "DE-7 Rheinmotor" in page
    assert "Germany" in page
    assert "+10.000" in page


def test_the_button_says_what_happens_and_leads_to_the_receipt(aurora, alma, bruno) -> None:
    filing, client = filled(aurora, by=alma), just_signed_in(bruno)
    assert "Sign and submit January 2026" in shown(client, filing)
    first, second = sign(client, filing), sign(client, filing)
    assert first["Location"] == second["Location"] == f"/filings/{filing.pk}/receipt/"
    assert Filing.objects.get().receipt_no in client.get(first["Location"]).content.decode()


def test_errors_and_unexplained_warnings_block_with_links_to_their_lines(aurora, alma, bruno) -> None:
    filing, client = filled(aurora, by=alma), just_signed_in(bruno)
    Line.objects.filter(filing=filing, line_no=3).update(date=None)
    puzzling(filing)
    page = shown(client, filing)
    assert "Sign and submit" not in page
    assert "This filing cannot be signed yet" in page
    assert "#line-3" in page
    assert "Give it back to the preparer" in page
    assert sign(client, filing)["Location"] == f"/filings/{filing.pk}/sign/"
    assert "Mend the errors first" in shown(client, filing)


def test_an_explained_warning_is_shown_with_its_explanation(aurora, alma, bruno) -> None:
    filing = filled(aurora)
    puzzling(filing)
    fault = next(fault for fault in faults_of(filing) if fault.severity == "warning")
    given = {"code": fault.code, "subject": fault.subject, "by": alma, "at": filing.created_at}
    Explanation.objects.create(filing=filing, text="Being renewed by the client.", **given)
    page = shown(just_signed_in(bruno), handed_over(filing, alma))
    assert "Being renewed by the client." in page
    assert "Sign and submit" in page


def test_a_stale_tab_is_told_and_signs_nothing(aurora, alma, bruno) -> None:
    filing, client = filled(aurora, by=alma), just_signed_in(bruno)
    Filing.objects.filter(pk=filing.pk).update(revision=5)
    answer = sign(client, filing, revision=0)
    assert "changed after you read it" in client.get(answer["Location"]).content.decode()
    assert Filing.objects.get().status == "handed_over"


def test_who_prepared_it_is_told_that_another_person_signs(borealis, carla) -> None:
    page = shown(just_signed_in(carla), filled(borealis, by=carla))
    assert "another certifier signs it" in page
    assert "Sign and submit" not in page
    Organisation.objects.update(separate_signer=False)
    assert "Sign and submit" in shown(just_signed_in(carla), Filing.objects.get())


def test_signing_asks_who_one_is_once_more_and_for_a_second_factor(aurora, alma, bruno) -> None:
    filing = filled(aurora, by=alma)
    again = signed_in(bruno).get(f"/filings/{filing.pk}/sign/")
    assert again.status_code == 302
    assert again["Location"].startswith(reverse("account_reauthenticate"))
    without = factories.user("bella", (aurora, "certifier"))
    sent = just_signed_in(without).get(f"/filings/{filing.pk}/sign/")
    assert sent["Location"] == reverse("mfa_activate_totp")
    with_second_factor(without)
    assert just_signed_in(without).get(f"/filings/{filing.pk}/sign/").status_code == 200


def test_only_certifiers_of_the_organisation_reach_the_page(aurora, alma, ada, carla, dora, nina) -> None:
    filing = filled(aurora, by=alma)
    for person, status in ((alma, 403), (ada, 403), (dora, 403), (nina, 403), (carla, 404)):
        assert just_signed_in(person).get(f"/filings/{filing.pk}/sign/").status_code == status


def test_an_amendment_shows_what_it_changes_against_the_version_in_force(aurora, alma, bruno) -> None:
    filing, client = filled(aurora, by=alma), just_signed_in(bruno)
    sign(client, filing)
    client.post(f"/filings/{filing.pk}/amend/", {"reason": "A wrong invoice number."})
    draft = Filing.objects.get(version=2)
    Line.objects.filter(filing=draft, line_no=3).update(invoice_no="B-CORRECTED")
    page = shown(client, handed_over(draft, alma))
    assert "What changes against version 1" in page
    assert "<ins>B-CORRECTED</ins>" in page
    assert "A wrong invoice number." in page


# Nil


def test_a_nil_return_is_one_page_and_one_button(aurora, bruno) -> None:
    client = just_signed_in(bruno)
    assert "Sign the nil return for January 2026" in client.get("/filings/2026-01/nil/").content.decode()
    first, second = client.post("/filings/2026-01/nil/"), client.post("/filings/2026-01/nil/")
    filing = Filing.objects.get()
    assert first["Location"] == second["Location"] == f"/filings/{filing.pk}/receipt/"
    assert "Nil return: nothing to report" in client.get(first["Location"]).content.decode()


def test_the_nil_page_warns_by_last_months_trade_and_stock(aurora, bruno) -> None:
    january = filled(aurora)
    Filing.objects.filter(pk=january.pk).update(status="submitted", submitted_at=january.created_at)
    page = just_signed_in(bruno).get("/filings/2026-02/nil/").content.decode()
    assert "Is there really nothing to report?" in page
    assert "In January 2026 you reported 2 movements." in page
    assert "You held stock of 1 products" in page


def test_the_nil_page_where_lines_exist_or_nothing_is_owed(aurora, bruno) -> None:
    filled(aurora)
    client = just_signed_in(bruno)
    assert "The draft of this month has lines" in client.get("/filings/2026-01/nil/").content.decode()
    client.post("/filings/2026-01/nil/")
    assert Filing.objects.get().status == "draft"
    for period in ("2025-12", "2026-13", "x"):
        assert client.get(f"/filings/{period}/nil/").status_code == 404


@pytest.mark.parametrize("lines", [10, 200])
def test_the_page_asks_the_same_number_of_queries_however_many_lines(
    aurora, alma, bruno, django_assert_max_num_queries, lines
) -> None:
    filing = filled(aurora)
    sale = Line.objects.get(filing=filing, line_no=3)
    rows = [
        Line(filing=filing, line_no=n, kind=9, product=sale.product, counterparty=sale.counterparty)
        for n in range(5, 5 + lines)
    ]
    Line.objects.bulk_create(rows)
    client = just_signed_in(bruno)
    handed_over(filing, alma)
    with django_assert_max_num_queries(60):
        shown(client, filing)
