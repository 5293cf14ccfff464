"""Who a producer's clients are leaks nowhere: a month with a thousand of them, from the upload to the sweep.

Each client's name is a canary. It may stand in the rows that hold it and on the pages of who may read them; it stands in
no log, address, error page, key or value of Redis, subject of mail or figure, and in no file after the request.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from portal.accounts.models import Organisation, User
from portal.audit.services.sealing import seal_events
from portal.contact.services.mail import send_owed as send_mail
from portal.core import metrics, outbox
from portal.core.durable import TaskFailed, perform
from portal.core.models import Outbox
from portal.registry.models import Counterparty
from portal.registry.queries import counterparties
from portal.simulation.domain.chance import Chance
from portal.simulation.domain.identity_numbers import uscc
from reporting.models import Explanation, Filing
from reporting.services.checking import faults_of
from tests import factories
from tests.conftest import signed_in
from tests.reporting.filled import SUPPLIER, just_signed_in, party

pytestmark = pytest.mark.holds("canaries")
CANARY, CLIENTS = "SINGVOGEL", 1_000
# The rows that hold who clients are, all behind the fence: the register, what was filed, what was found, what was handed in.
MAY_HOLD = {
    "registry_counterparty", "reporting_filedparty", "reporting_finding", "reporting_line", "reporting_upload", "contact_document",
}  # fmt: skip
IN_ADDRESS = re.compile(rf'(?:href|action|src|hx-[a-z-]+|data-url)="[^"]*{CANARY}', re.IGNORECASE)


class Watch:
    """A session whose every answer is looked at: no address in it names a client."""

    def __init__(self, client: Client, leaks: list[str]) -> None:
        self.client, self.leaks = client, leaks
        client.raise_request_exception = False

    def ask(self, method: str, url: str, data: Any = None, *, status: int = 200) -> str:
        answer = getattr(self.client, method)(url, data)
        body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(
            "utf-8", "replace"
        )
        assert answer.status_code == status, (url, answer.status_code, body[:3000])
        if CANARY in str(dict(answer.headers)) or IN_ADDRESS.search(body):
            self.leaks.append(f"{method} {url}: an address or a header")
        return body


@pytest.fixture
def temporary(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything temporary goes, the children's too."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000  # so that uploads do go to a file on their way
    settings.MEDIA_ROOT = tmp_path / "documents"
    return folder


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that any logger says, as the operator would read it."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(next(one.formatter for one in root.handlers if type(one) is logging.StreamHandler))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def draft(aurora: Organisation) -> Filing:
    factories.product(aurora)
    party(aurora, "S-01", **SUPPLIER)
    chance = Chance(3, 1)
    Counterparty.objects.bulk_create(
        Counterparty(
            organisation=aurora, code=f"C-{number:04}", name=name_of(number), country="CN", id_type="USCC",
            id_number=uscc(chance, "440300"), address=f"{CANARY} street {number}", end_user_name=name_of(-number),
        )
        for number in range(CLIENTS)
    )  # fmt: skip
    return factories.filing(aurora, "2026-01")


def name_of(number: int) -> str:
    """A canary like no other, so that no check takes two for one."""
    return f"{hashlib.sha256(str(number).encode()).hexdigest()[:24]} {CANARY}"


def lines(*more: str) -> SimpleUploadedFile:
    """All that was bought is sold, a kilogram to each client."""
    head = 'Kind,Product,Quantity (kg),"Value (CNY, ex VAT)",Counterparty,Date,Invoice number,Note'
    rows = [
        "opening,P-01,0.0,,,,,",
        f"purchased,P-01,{CLIENTS}.0,{CLIENTS * 300}.00,S-01,2026-01-02,A-1,",
        *(
            f"sold,P-01,1.0,330.00,C-{number:04},2026-01-15,B-{number},for {CANARY}"
            for number in range(CLIENTS)
        ),
        "closing,P-01,0.0,,,,,",
        *more,
    ]
    return SimpleUploadedFile(f"{CANARY}.csv", "\r\n".join([head, *rows]).encode(), "text/csv")


def test_a_month_with_a_thousand_clients_names_none_of_them_anywhere_else(
    aurora: Organisation,
    alma: User,
    bruno: User,
    dora: User,
    draft: Filing,
    temporary: Path,
    logged: io.StringIO,
) -> None:
    leaks: list[str] = []
    preparer, certifier = Watch(signed_in(alma), leaks), Watch(just_signed_in(bruno), leaks)
    reviewer = Watch(just_signed_in(dora), leaks)
    upload = f"/filings/{draft.pk}/upload/"
    faulty = lines(f"sold,P-01,{CANARY},1,{CANARY} & Co,{CANARY},{CANARY},")
    for file in (faulty, lines()):
        preparer.ask("post", upload, {"file": file}, status=302)
    assert draft.lines.count() == CLIENTS + 3
    for url in (f"/filings/{draft.pk}/", upload, "/filings/", "/counterparties/"):
        preparer.ask("get", url)
    assert CANARY in preparer.ask("post", "/counterparties/", {"q": name_of(7)})
    code = factories.counterparty(aurora, "C-NEW").pk
    preparer.ask(
        "post",
        f"/counterparties/{code}/edit/",
        {"code": "C-NEW", "name": f"{CANARY} new", "country": "??"},
        status=422,
    )
    explain(draft, alma)
    submit(draft, preparer, certifier)
    work()
    call_command("sweep", "--from", "2026-01", "--to", "2026-01", stdout=io.StringIO())
    work()
    for part in ("", "?part=lines", "?part=balances", "?part=history"):
        reviewer.ask("get", f"/supervision/filings/{draft.pk}/{part}")
    reviewer.ask("get", "/supervision/findings/")
    seal_events()
    assert CANARY not in logged.getvalue()
    assert '"event": "request"' in logged.getvalue()
    assert leaks == []
    assert not [str(file) for file in temporary.rglob("*")]
    assert_nothing_named()


def explain(filing: Filing, person: User) -> None:
    """Every warning has its word, so that the month can be signed."""
    Explanation.objects.bulk_create(
        Explanation(
            filing=filing, code=code, subject=subject, text="checked", by=person, at=filing.created_at
        )
        for code, subject in {(fault.code, fault.subject) for fault in faults_of(filing)}
    )


def submit(filing: Filing, preparer: Watch, certifier: Watch) -> None:
    filing.refresh_from_db()
    preparer.ask("post", f"/filings/{filing.pk}/hand-over/", {"revision": filing.revision}, status=302)
    certifier.ask("get", f"/filings/{filing.pk}/sign/")
    filing.refresh_from_db()
    certifier.ask("post", f"/filings/{filing.pk}/sign/", {"revision": filing.revision}, status=302)
    filing.refresh_from_db()
    assert filing.is_filed
    certifier.ask("get", f"/filings/{filing.pk}/receipt/")


def work() -> None:
    """What relay and workers do; the relay's messages stay with the broker, to be looked at."""
    current_app.loader.import_default_modules()
    outbox.send_owed()
    while owed := list(Outbox.objects.filter(done_at=None)):
        for row in owed:
            perform(row.pk)
    send_mail()


def assert_nothing_named() -> None:
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - MAY_HOLD - {"django_session"}:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {name}")
            held = [row for row in cursor.fetchall() if CANARY in repr(row)]
            assert not held, (table, held[:1])
    assert mail.outbox
    assert not [letter.subject for letter in mail.outbox if CANARY in letter.subject + letter.body]
    assert CANARY.encode() not in metrics.exposition()
    assert all(CANARY.encode() not in part for part in in_redis())


def in_redis() -> Iterator[bytes]:
    """Every key and value; what the relay sent is taken away afterwards."""
    if not settings.REDIS_URL:
        return
    server = redis.Redis.from_url(settings.REDIS_URL)
    keys = list(server.scan_iter())
    assert b"default" in keys  # the relay's messages
    for key in keys:
        yield key
        yield server.dump(key) or b""
        yield repr(server.lrange(key, 0, -1) if server.type(key) == b"list" else server.get(key) if server.type(key) == b"string" else "").encode()  # fmt: skip
    server.delete(*(queue for queue in (b"default", b"big", b"periodic") if queue in keys))


def test_a_fault_that_quotes_a_client_is_logged_without_the_words(
    alma: User, draft: Filing, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError(f"cannot read {CANARY}")

    monkeypatch.setattr(counterparties, "counterparties_of", fail)
    page = Watch(signed_in(alma), []).ask("post", "/counterparties/", {"q": CANARY}, status=500)
    assert CANARY not in page
    said = logged.getvalue()
    assert CANARY not in said
    assert '"exc_type": "ValueError"' in said
    assert "test_canaries.py" in said


def test_a_row_that_the_database_refuses_is_not_written_to_any_log(
    aurora: Organisation, draft: Filing, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL quotes the whole row that fails a condition, in its answer and in its own log."""

    def store(filing_id: int) -> None:
        with transaction.atomic():
            Filing.objects.get(pk=filing_id).lines.create(line_no=1, quantity_g=1, note=f"for {CANARY}")

    monkeypatch.setitem(perform.__wrapped__.__globals__["_handlers"], "tests.store", store)
    row = outbox.enqueue("tests.store", draft.pk)
    with pytest.raises(TaskFailed, match=r"^IntegrityError$") as failed:
        perform(row.pk)
    logging.getLogger("celery.app.trace").error("raised unexpected: %r", failed.value, exc_info=failed.value)
    said = logged.getvalue()
    assert CANARY not in said
    assert json.loads(said.splitlines()[0])["exception"][0]["exc_type"] == "IntegrityError"
    assert Outbox.objects.get(pk=row.pk).error == "IntegrityError"


def test_postgresql_itself_keeps_no_client_in_its_log(draft: Filing, alma: User) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW log_error_verbosity")
            assert cursor.fetchone() == ("terse",)
            cursor.execute("SHOW log_min_error_statement")
            assert cursor.fetchone() == ("panic",)
    compose = (Path(settings.BASE_DIR) / "docker-compose.yml").read_text("utf-8")
    assert "log_error_verbosity=terse, -c, log_min_error_statement=panic" in compose
