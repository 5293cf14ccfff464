"""A licence from the first question to the last: checked, applied for, asked about, granted, drawn at the border, suspended.

``PICTURES=FOLDER`` keeps a picture of each step, on a desk and on a phone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from licensing.models import Application, Licence
from portal.accounts.models import User
from tests import factories
from tests.calling import token_for
from tests.conftest import acting
from tests.licensing.applied import NEEDED, PDF, hugo, iris
from tests.reporting.filled import just_signed_in

__all__ = ["hugo", "iris"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (320, 1280)
Shoot = Callable[[Page, str], None]


@pytest.fixture
def shoot(language: str) -> Shoot:
    """Keep a picture where a folder is named; else nothing."""
    folder = os.environ.get("PICTURES", "")
    taken: list[str] = []

    def keep(page: Page, name: str) -> None:
        taken.append(name)
        for width in WIDTHS if folder else ():
            page.set_viewport_size({"width": width, "height": 900})
            path = Path(folder) / f"{len(taken):02}-{name}-{language}-{width}.png"
            page.screenshot(path=path, full_page=True)

    return keep


@pytest.fixture(params=["en", "zh-hans"] if os.environ.get("PICTURES") else ["en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def desk(browser: Browser, live_server: Any, language: str) -> Iterator[Callable[[User | None], Page]]:
    """A browser of one's own; nobody's for None."""
    opened = []

    def sit_down(person: User | None) -> Page:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        client = Client() if person is None else just_signed_in(person)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if (session := client.cookies.get(settings.SESSION_COOKIE_NAME)) is not None:
            cookies[session.key] = session.value
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        opened.append(context)
        return context.new_page()

    yield sit_down
    for context in opened:
        context.close()


def send(page: Page) -> None:
    """Press the one primary button of the page's form."""
    page.locator("main form button.button-primary").last.click()
    page.wait_for_load_state()


def test_a_licence_from_the_first_question_to_the_last(
    desk: Callable[[User | None], Page], shoot: Shoot, language: str, live_server: Any, tmp_path: Path,
    alma: User, bruno: User, hugo: User, iris: User, gus: User,
) -> None:  # fmt: skip
    User.objects.update(language=language)
    organisation = acting(alma).organisation
    factories.product(organisation, "P-01", name="Sintered magnet 烧结磁体 N42SH")
    factories.counterparty(organisation, name="Müller Antriebe & Söhne GmbH", address="Am Ring 1", id_type="VAT",
                           id_number="DE811111111", end_use="Traction motors of electric buses")  # fmt: skip
    preparer, certifier, officer, signer = desk(alma), desk(bruno), desk(hugo), desk(iris)
    check_a_good(desk(None), shoot)
    apply_for_it(preparer, shoot, tmp_path)
    submit(certifier, shoot)
    application = Application.objects.get()
    handle(officer, application, shoot)
    answer(preparer, application, shoot, tmp_path)
    recommend(officer, application, shoot)
    decide(signer, application, shoot)
    licence = Licence.objects.get()
    read_the_licence(preparer, licence, shoot, tmp_path)
    told = ask_at_the_border(preparer, live_server.url, token_for(gus), licence, "D-1")
    assert (told["decision"], told["balance_kg"]) == ("permit", "480.000")
    preparer.goto(f"/licences/{licence.pk}/")
    expect(preparer.locator("main")).to_contain_text("D-1 / 1")
    expect(preparer.locator("main table").first).to_contain_text("480")
    shoot(preparer, "balance")
    suspend(signer, licence, shoot)
    told = ask_at_the_border(preparer, live_server.url, token_for(gus), licence, "D-2")
    assert told["decision"] == "deny"
    assert "suspended" in str(told["reasons"])
    stranger = desk(None)
    stranger.goto(f"/verify/{licence.licence_no}/")
    expect(stranger.locator("main")).not_to_contain_text("Müller")
    shoot(stranger, "verified")


def check_a_good(page: Page, shoot: Shoot) -> None:
    """Somebody without an account asks whether a magnet with 0.42 % Dy is controlled."""
    page.goto("/classify/")
    page.locator("select[name=form]").select_option("magnet")
    page.locator("select[name=family]").select_option("ndfeb")
    page.locator("input[name=dy_pct], input[name=dy]").first.fill("0.42")
    send(page)
    expect(page.locator("main")).to_contain_text("1C905.a.4")
    shoot(page, "checker")


def apply_for_it(page: Page, shoot: Shoot, folder: Path) -> None:
    """The preparer goes through the steps."""
    page.goto("/licence-applications/")
    shoot(page, "empty-list")
    page.goto("/licence-applications/start/")
    shoot(page, "start")
    send(page)
    page.locator("select[name=product]").select_option(index=1)
    page.locator("input[name=quantity]").fill("500")
    page.locator("input[name=value]").fill("30000")
    send(page)
    expect(page.locator("main")).to_contain_text("1C905.a.4")
    shoot(page, "goods")
    goods = page.url
    for role in ("consignee", "end_user"):
        page.goto(goods.replace("/goods/", "/parties/"))
        page.locator("select[name=known-counterparty]").select_option(index=1)
        page.locator("select[name=known-role]").select_option(role)
        page.locator("main form:has(select[name=known-role]) button[type=submit]").click()
    shoot(page, "parties")
    page.goto(goods.replace("/goods/", "/submit/"))
    shoot(page, "lacking")
    page.goto(goods.replace("/goods/", "/use/"))
    page.locator("input[name=contract_no]").fill("EX-2026-7")
    shoot(page, "use")
    send(page)
    for kind in NEEDED:
        file = folder / f"{kind}.pdf"
        file.write_bytes(PDF + kind.encode())
        page.locator("select[name=kind]").select_option(kind)
        page.locator("input[type=file]").set_input_files(file)
        send(page)
    shoot(page, "papers")


def submit(page: Page, shoot: Shoot) -> None:
    """The certifier gives the undertakings."""
    page.goto(f"/licence-applications/{Application.objects.get().pk}/submit/")
    for box in page.locator("input[name=undertakings]").all():
        box.check()
    shoot(page, "submit")
    send(page)
    expect(page.locator("main")).to_contain_text("LA20")
    shoot(page, "submitted")


def handle(page: Page, application: Application, shoot: Shoot) -> None:
    """The case officer accepts, reviews, advises and asks."""
    page.goto("/casework/")
    shoot(page, "queue")
    page.goto(f"/casework/{application.pk}/")
    page.locator(".page-header-actions button").first.click()
    page.locator(".page-header-actions button").first.click()
    shoot(page, "case")
    page.goto(f"/casework/{application.pk}/advise/?line=1")
    page.locator("input[name=position]").first.check()
    page.locator("textarea[name=text]").fill("The quantity fits the order.")
    send(page)
    shoot(page, "case-goods")
    page.goto(f"/casework/{application.pk}/ask/?line=1")
    page.locator("textarea[name=text]").fill("Please hand in the assay of the last lot.")
    page.locator("input[name=due_on]").fill("2099-12-31")
    shoot(page, "ask")
    send(page)
    shoot(page, "asked")


def answer(page: Page, application: Application, shoot: Shoot, folder: Path) -> None:
    """The preparer answers at the line, with a paper."""
    page.goto(f"/licence-applications/{application.pk}/")
    shoot(page, "clock-stopped")
    page.goto(f"/licence-applications/requests/{application.requests.get().pk}/")
    file = folder / "assay.pdf"
    file.write_bytes(PDF + b"assay")
    page.locator("textarea[name=text]").fill("Here it is: 1.2 % Dy.")
    page.locator("input[type=file]").set_input_files(file)
    shoot(page, "answer")
    send(page)
    application.refresh_from_db()
    assert application.status == "in_review"


def recommend(page: Page, application: Application, shoot: Shoot) -> None:
    """The officer recommends."""
    page.goto(f"/casework/{application.pk}/recommend/")
    page.locator("input[name=verdict][value=granted]").check()
    shoot(page, "recommend")
    send(page)
    shoot(page, "recommended")


def decide(page: Page, application: Application, shoot: Shoot) -> None:
    """Another person signs."""
    page.goto(f"/casework/{application.pk}/decide/")
    page.locator("input[name=action][value=sign]").check()
    shoot(page, "decide")
    send(page)
    application.refresh_from_db()
    assert application.outcome == "granted"


def read_the_licence(page: Page, licence: Licence, shoot: Shoot, folder: Path) -> None:
    """The paper comes down, and its code is verified with the network off by a script that knows nothing of us."""
    page.goto(f"/licence-applications/{licence.granted_by.pk}/")
    shoot(page, "granted")
    page.goto(f"/licences/{licence.pk}/")
    shoot(page, "licence")
    with page.expect_download() as saved:
        page.locator(f"main a[href='/licences/{licence.pk}/document/']").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")
    code = page.locator(".digest").last.text_content() or ""
    key = folder / "licence-key.pem"
    key.write_bytes(page.request.get("/verify/licence-key.pem").body())
    page.context.set_offline(True)
    command = [sys.executable, "-I", str(ROOT / "docs/verify_licence.py"), str(key), code]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={"PYTHONUTF8": "1"})
    page.context.set_offline(False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Müller Antriebe & Söhne GmbH" in done.stdout


def ask_at_the_border(page: Page, url: str, token: str, licence: Licence, number: str) -> dict[str, Any]:
    """Customs asks by the API."""
    question = {
        "exporter": licence.exporter.uscc,
        "licence_no": licence.licence_no,
        "goods": {"form": "magnet", "family": "ndfeb", "contents": {"dy": "1.2", "tb": "0"}},
        "quantity_kg": "20",
        "consignee_name": "Müller Antriebe & Söhne GmbH",
        "destination": "DE",
        "declaration_no": number,
        "item_no": 1,
    }
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{number}-{licence.pk}"}
    told = page.request.post(f"{url}/api/v1/export-checks/", data=question, headers=headers)
    assert told.status == 200, told.text()
    body: dict[str, Any] = told.json()
    return body


def suspend(page: Page, licence: Licence, shoot: Shoot) -> None:
    """The office suspends the licence: it acts at the next check."""
    page.goto(f"/supervision/licences/{licence.pk}/")
    page.locator("input[name=action][value=suspend]").check()
    page.locator("textarea[name=reason]").fill("The end user is being looked into.")
    shoot(page, "order")
    send(page)
    licence.refresh_from_db()
    assert licence.status == "suspended"
    shoot(page, "suspended")
