"""An application as far as a test needs it: drafted by Alma, submitted by Bruno, handled by Hugo, signed by Iris."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from licensing.models import Application, Undertaking
from licensing.services import applications, cases, papers, requests, submitting
from portal.accounts.models import Organisation, User
from portal.core import clock
from tests import factories
from tests.conftest import acting, with_second_factor

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n"
NEEDED = ("contract", "test_report", "end_user_certificate", "introduction")


@pytest.fixture
def hugo(office: Organisation) -> User:
    """A case officer."""
    return with_second_factor(factories.user("hugo", (office, "case_officer")))


@pytest.fixture
def iris(office: Organisation) -> User:
    """A countersigner."""
    return with_second_factor(factories.user("iris", (office, "countersigner")))


def drafted(by: User, **more: Any) -> Application:
    """A draft to which nothing is lacking: 500 kg of a Dy magnet for Rheinmotor in Germany."""
    actor = acting(by)
    product = factories.product(actor.organisation, f"P-{Application.objects.count() + 1:02d}")
    application = applications.start(by=actor, kind=more.pop("kind", "individual"), product_id=product.pk)
    pk = application.pk
    values = {"quantity_g": 500_000, "quantity_dp": 0, "value_fen": 30_000_00, "value_dp": 0}
    applications.change_line(by=actor, application_id=pk, line_no=1, values=values)
    for role in ("consignee", "end_user"):
        party = {
            "role": role,
            "name": more.get("name", "Rheinmotor GmbH"),
            "country": "DE",
            "address": "Am Ring 1, Köln",
            "id_type": "VAT",
            "id_number": "DE811111111",
        }
        applications.save_party(by=actor, application_id=pk, values=party)
    use = {
        "end_use": "Traction motors of electric buses",
        "destination": "DE",
        "contract_no": "RM-2026-7",
        "months": 12,
    }
    applications.save_use(by=actor, application_id=pk, values=use)
    for kind in NEEDED:
        papers.add_paper(by=actor, application_id=pk, kind=kind, name=f"{kind}.pdf", data=PDF + kind.encode())
    return Application.objects.get(pk=pk)


def submitted(by: User, certifier: User, **more: Any) -> Application:
    """It is with the office."""
    draft = drafted(by, **more)
    return submitting.submit(
        by=acting(certifier),
        application_id=draft.pk,
        revision=draft.revision,
        undertakings=Undertaking.values,
    )


def in_review(by: User, certifier: User, officer: User, **more: Any) -> Application:
    """An officer has it in hand."""
    application = submitted(by, certifier, **more)
    cases.accept(by=acting(officer), application_id=application.pk)
    return cases.review(by=acting(officer), application_id=application.pk)


def asked(application: Application, officer: User, **more: Any) -> Any:
    """The officer asks for the assay of line 1."""
    values = {
        "text": "Please hand in the assay.",
        "due_on": clock.today() + timedelta(days=10),
        "line_no": 1,
    } | more
    return requests.ask(by=acting(officer), application_id=application.pk, **values)
