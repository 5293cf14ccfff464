"""The pages and the addresses of the API by which an organisation's administrator keeps its webhooks."""

from __future__ import annotations

import re
from typing import Any

import pytest

from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.contact.models import Webhook
from portal.contact.services import hook_messages, webhooks
from portal.core.permissions import Permission as P
from tests.calling import caller
from tests.conftest import acting, signed_in
from tests.portal.contact.post import perform_owed
from tests.portal.contact.receiver import receiving, says
from tests.site.test_access import freshly_signed_in

URL = "https://erp.aurora.example/lodestone/geheim"
SECRET = "a.secret.of.the.callers.own.making"


def form(client: Any, **changes: Any) -> dict[str, Any]:
    page = client.get("/webhooks/").content.decode()
    key = re.search(r'name="form_key" value="(\w+)"', page)
    assert key
    return {"url": URL, "events": ["filing.received", "question.asked"], "form_key": key[1]} | changes


def test_a_webhook_is_added_and_its_secret_shown_once(ada: User, aurora: Organisation) -> None:
    client = freshly_signed_in(ada)
    made = client.post("/webhooks/", form(client)).content.decode()
    webhook = Webhook.objects.get()
    shown = re.search(r"whsec_[\w-]{43}", made)
    assert shown
    assert shown[0] not in client.get(f"/webhooks/{webhook.pk}/").content.decode()
    assert URL in client.get("/webhooks/").content.decode()
    event = Event.objects.get(verb="webhook.added")
    assert event.data == {"address": "erp.aurora.example", "events": ["filing.received", "question.asked"]}


def test_a_form_sent_twice_adds_one(ada: User) -> None:
    client = freshly_signed_in(ada)
    filled = form(client)
    client.post("/webhooks/", filled)
    assert client.post("/webhooks/", filled).status_code == 422
    assert Webhook.objects.count() == 1


@pytest.mark.holds("webhooks-no-private-networks")
@pytest.mark.parametrize(
    "url",
    ["http://erp.aurora.example/", "https://10.0.0.1/", "https://localhost:22/", "https://a:b@erp.example/"],
)
def test_what_is_not_sent_to_is_refused_at_its_field(ada: User, url: str) -> None:
    client = freshly_signed_in(ada)
    answer = client.post("/webhooks/", form(client, url=url))
    assert answer.status_code == 422
    assert answer.context["form"].errors["url"]
    assert not Webhook.objects.exists()


def test_adding_asks_for_the_password_again(ada: User) -> None:
    client = signed_in(ada)
    client.post("/webhooks/", form(client))
    assert not Webhook.objects.exists()


def test_what_was_sent_and_answered_is_shown_and_can_be_sent_again(
    ada: User, aurora: Organisation, settings: Any
) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    client = freshly_signed_in(ada)
    with receiving() as receiver:
        receiver.answer = says("500 Oops", words=b"<b>disk full</b>")
        webhook, _secret = webhooks.add(
            by=acting(ada), url=receiver.url(host="127.0.0.1"), events=["filing.received"]
        )
        client.post(f"/webhooks/{webhook.pk}/test/")
        perform_owed()
        page = client.get(f"/webhooks/{webhook.pk}/").content.decode()
        assert "&lt;b&gt;disk full&lt;/b&gt;" in page
        assert "Your system did not take it." in page
        client.post(f"/webhooks/{webhook.pk}/messages/{webhook.messages.get().pk}/again/")
        perform_owed()
    assert len(receiver.came) == 2


def test_pausing_going_on_and_removing_with_its_undoing(ada: User) -> None:
    client = freshly_signed_in(ada)
    webhook, _secret = webhooks.add(by=acting(ada), url=URL, events=["filing.received"])
    place = f"/webhooks/{webhook.pk}"

    def state() -> str:
        return Webhook.objects.get().state

    client.post(f"{place}/pause/")
    assert state() == "paused"
    assert "at present" in client.post(f"{place}/test/", follow=True).content.decode()
    client.post(f"{place}/resume/")
    assert state() == "active"
    client.post(f"{place}/remove/")
    assert state() == "removed"
    page = client.get("/webhooks/").content.decode()
    assert f"{place}/restore/" in page
    assert client.post(f"{place}/pause/").status_code == 404
    client.post(f"{place}/restore/")
    assert state() == "active"


def test_a_new_secret_is_shown_once(ada: User) -> None:
    client = freshly_signed_in(ada)
    webhook, former = webhooks.add(by=acting(ada), url=URL, events=["filing.received"])
    shown = re.search(r"whsec_[\w-]{43}", client.post(f"/webhooks/{webhook.pk}/secret/").content.decode())
    assert shown
    assert shown[0] != former


def test_a_stopped_webhook_says_why(ada: User, aurora: Organisation) -> None:
    webhook, _secret = webhooks.add(by=acting(ada), url=URL, events=["filing.received"])
    hook_messages.announce(event="filing.received", key="k", told={aurora.pk: {}})
    for field, words in (("failing_since", "given up after three days"), ("disabled_at", "for seven days")):
        Webhook.objects.update(**{field: webhook.created_at})
        assert words in freshly_signed_in(ada).get(f"/webhooks/{webhook.pk}/").content.decode()


# By software


def added(api: Any, **changes: Any) -> Any:
    body = {"url": URL, "events": ["finding.opened"], "secret": SECRET} | changes
    return api.post("webhooks/", body, Idempotency_Key="k1")


def test_software_adds_reads_and_removes(ada: User) -> None:
    api = caller(ada)
    made = added(api)
    assert (made.status_code, made.body["state"]) == (201, "active")
    assert SECRET not in made.content.decode()
    path = made["Location"].split("/api/v1/")[1]
    assert api.get("webhooks/").body["results"] == [api.get(path).body]
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == api.delete(path).status_code == 404
    assert api.get("webhooks/").body["results"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"url": "http://erp.aurora.example/"}, "not_https"),
        ({"url": "https://169.254.169.254/"}, "address_not_public"),
        ({"secret": "short"}, "secret_weak"),
        ({"events": ["filing.deleted"]}, "unusable"),
        ({"events": []}, "unusable"),
        ({"events": [["filing.received"]]}, "unusable"),
        ({"secret": None}, "unusable"),
    ],
)
def test_what_cannot_be_used_is_refused(ada: User, changes: dict[str, Any], code: str) -> None:
    answer = added(caller(ada), **changes)
    assert (answer.status_code, answer.body["code"]) == (422, code)
    assert not Webhook.objects.exists()


def test_a_token_needs_the_scope(ada: User) -> None:
    answer = added(caller(ada, P.FILING_VIEW))
    assert (answer.status_code, answer.body["code"]) == (403, "scope_missing")
