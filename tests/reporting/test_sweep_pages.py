"""Sweeps as the regulator follows them, and starting one."""

from __future__ import annotations

import pytest

from portal.core.errors import Refused
from portal.core.models import Outbox
from portal.core.months import Month
from reporting.models import Sweep
from reporting.services import sweep_orders, sweeps
from tests.conftest import acting, signed_in
from tests.reporting.reviewed import submitted

LIST = "/supervision/sweeps/"
SPAN = {"first": "2026-01", "last": "2026-05"}


def test_an_empty_list_says_when_the_first_runs(dora) -> None:
    assert "No sweep was run yet" in signed_in(dora).get(LIST).content.decode()


@pytest.mark.parametrize("person", ["dora", "emil"])
def test_a_sweep_is_started_once_followed_and_closed(person, request, aurora) -> None:
    submitted(aurora)
    client = signed_in(request.getfixturevalue(person))
    assert 'value="2026-05" selected' in client.get(f"{LIST}start/").content.decode()
    for _time in range(2):
        answer = client.post(f"{LIST}start/", SPAN)
    sweep = Sweep.objects.get()
    assert answer["Location"] == f"{LIST}{sweep.pk}/"
    assert (str(sweep.from_period), str(sweep.to_period), sweep.cause) == ("2026-01", "2026-05", "page")
    assert Outbox.objects.filter(task="reporting.work_sweep").count() == sweep.shard_count == 2
    assert "0 of 2 parts" in client.get(f"{LIST}{sweep.pk}/").content.decode()
    while sweeps.work_shard(sweep.pk).worked:
        pass
    fragment = client.get(f"{LIST}{sweep.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "hx-get" not in fragment, "what is over is not asked for again"
    assert "Unchanged" in fragment
    assert "January 2026" in client.get(LIST).content.decode()


def test_months_out_of_order_are_refused_on_the_page(dora) -> None:
    answer = signed_in(dora).post(f"{LIST}start/", {"first": "2026-05", "last": "2026-01"})
    assert answer.status_code == 422
    assert "comes before the first" in answer.content.decode()
    assert not Sweep.objects.exists()


def test_who_may_not_start_one_sees_them_all_the_same(fatima) -> None:
    client = signed_in(fatima)
    assert "Start a sweep" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}start/").status_code == 403
    assert client.post(f"{LIST}start/", SPAN).status_code == 403
    with pytest.raises(Refused):
        sweep_orders.order(by=acting(fatima), first=Month.parse("2026-01"), last=Month.parse("2026-05"))


@pytest.mark.parametrize("person", ["alma", "carla", "gus", "nina"])
def test_nobody_else_sees_them(person, request) -> None:
    client = signed_in(request.getfixturevalue(person))
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}start/", SPAN).status_code == 403


def test_an_unknown_sweep_is_not_found(dora) -> None:
    assert signed_in(dora).get(f"{LIST}99/").status_code == 404
