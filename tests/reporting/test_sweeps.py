"""A sweep loses nothing and doubles nothing, whoever works it and wherever a worker dies."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from portal.audit.models import Event
from portal.core import clock
from portal.core.actors import Actor
from portal.core.models import Outbox
from portal.core.months import Month
from reporting.models import Finding, ShardState, Sweep, SweepShard, SweepState
from reporting.services import sweeps
from reporting.tasks import checking as tasks
from tests import factories
from tests.conftest import acting
from tests.reporting.filed import at, filed

ROOT = Path(__file__).resolve().parents[2]
APRIL, MAY = Month.parse("2026-04"), Month.parse("2026-05")
SYSTEM = Actor.system("tests")


def nation(count=3):
    """Some enterprises whose May opens with another stock than April closed with."""
    owners = []
    for number in range(count):
        owner = factories.organisation(f"91330201MADFQE5{number:03d}", f"Producer {number}")
        thing = factories.product(owner)
        filed(owner, "2026-04", "opening 6", "closing 6", thing=thing)
        filed(owner, "2026-05", "opening 9", "closing 9", thing=thing)
        owners.append(owner)
    return owners


def begin(**fields):
    values = {"by": SYSTEM, "first": APRIL, "last": MAY, "as_of": at("2026-08-01 00:00"), "cause": "command"}
    return sweeps.begin(**(values | fields))


def work(sweep):
    done = 0
    while sweeps.work_shard(sweep.pk).worked:
        done += 1
    sweep.refresh_from_db()
    return done


def gaps():
    return Counter(
        Finding.objects.filter(check_code__startswith="STK").values_list("organisation_id", flat=True)
    )


def test_a_sweep_is_cut_into_shards_that_split_no_organisation(db):
    owners = nation(9)
    sweep = begin()
    shards = [shard.organisation_ids for shard in sweep.shards.order_by("number")]
    assert len(shards) >= 2
    assert sorted(pk for ids in shards for pk in ids) == sorted(owner.pk for owner in owners)
    assert Outbox.objects.filter(task="reporting.work_sweep", argument=sweep.pk).count() == len(shards)


def test_the_last_shard_closes_the_sweep_with_its_counts(db, emil):
    owners = nation(3)
    sweep = begin(by=acting(emil))
    assert work(sweep) == sweep.shard_count
    assert (sweep.state, sweep.filings, sweep.lines, sweep.opened) == (SweepState.DONE, 6, 12, 3)
    assert sweep.started_by == emil
    assert gaps() == {owner.pk: 1 for owner in owners}
    assert [event.verb for event in Event.objects.filter(subject_type="sweep").order_by("pk")] == [
        "sweep.started",
        "sweep.finished",
    ]


def test_a_second_sweep_adds_and_closes_nothing(db):
    nation(3)
    work(begin())
    before = dict(Finding.objects.values_list("fingerprint", "last_changed"))
    second = begin()
    work(second)
    assert (second.opened, second.reopened, second.closed, second.unchanged) == (0, 0, 0, 3)
    assert dict(Finding.objects.values_list("fingerprint", "last_changed")) == before


def test_a_sweep_of_nothing_is_done_at_once(db):
    assert begin().state == SweepState.DONE


def test_a_held_shard_is_not_taken_and_a_dead_workers_is(db):
    nation(1)
    sweep = begin()
    moment = clock.now()
    shard = SweepShard.objects.filter(sweep=sweep).exclude(number=SweepShard.NATION)
    shard.update(
        state=ShardState.CLAIMED,
        claimed_by="elsewhere",
        claimed_until=moment + timedelta(seconds=30),
        attempts=1,
    )
    came = sweeps.work_shard(sweep.pk)
    assert (came.worked, came.waiting) == (False, True)
    shard.update(claimed_until=moment - timedelta(seconds=1))
    assert work(sweep) == 2
    assert sweep.state == SweepState.DONE
    assert shard.get().attempts == 2


@pytest.mark.holds("killed-worker-harms-nothing")
def test_two_workers_who_finish_the_same_shard_count_it_once(db, monkeypatch):
    nation(2)
    sweep = begin()
    judge = sweeps.judge

    def interrupted(**asked):
        judgement = judge(**asked)
        monkeypatch.setattr(sweeps, "judge", judge)
        SweepShard.objects.filter(state=ShardState.CLAIMED).update(
            claimed_until=clock.now() - timedelta(seconds=1)
        )
        assert sweeps.work_shard(sweep.pk).worked
        return judgement

    monkeypatch.setattr(sweeps, "judge", interrupted)
    work(sweep)
    assert (sweep.state, sweep.opened, sweep.filings) == (SweepState.DONE, 2, 4)
    assert set(gaps().values()) == {1}


def test_a_version_that_comes_into_force_meanwhile_is_judged(db, monkeypatch):
    (owner,) = nation(1)
    sweep = begin()
    judge = sweeps.judge

    def interrupted(**asked):
        judgement = judge(**asked)
        monkeypatch.setattr(sweeps, "judge", judge)
        filed(owner, "2026-05", "opening 6", "closing 6", thing=owner.products.get(), version=2)
        return judgement

    monkeypatch.setattr(sweeps, "judge", interrupted)
    work(sweep)
    assert (sweep.state, sweep.opened) == (SweepState.DONE, 0)


def test_findings_and_the_end_of_their_shard_are_one(db, monkeypatch):
    nation(1)
    sweep = begin()
    monkeypatch.setattr(sweeps, "_finish", lambda *args, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sweeps.work_shard(sweep.pk)
    assert not Finding.objects.exists()
    assert sweep.shards.exclude(number=SweepShard.NATION).get().state == ShardState.CLAIMED


def test_a_promise_that_finds_all_shards_held_looks_again_later(db):
    nation(1)
    sweep = begin()
    Outbox.objects.all().delete()
    SweepShard.objects.update(
        state=ShardState.CLAIMED, claimed_by="x", claimed_until=clock.now() + timedelta(seconds=30)
    )
    tasks.work_sweep(sweep.pk)
    row = Outbox.objects.get()
    assert row.task == "reporting.work_sweep"
    assert row.due_at > clock.now() + timedelta(seconds=30)


def test_a_promise_of_a_closed_sweep_does_nothing(db):
    nation(1)
    sweep = begin()
    tasks.work_sweep(sweep.pk)
    Outbox.objects.all().delete()
    tasks.work_sweep(sweep.pk)
    assert not Outbox.objects.exists()


def test_what_is_owed_no_more_is_missed_no_more(db):
    """A month that was taken off, of a producer who never filed anything, keeps no finding."""
    silent = factories.organisation()
    for reports_from in ("2026-04", "2026-05", None):
        silent.reports_from = None if reports_from is None else Month.parse(reports_from)
        silent.save()
        sweeps.prepare(by=SYSTEM, as_of=at("2026-06-20 00:00"))
        first, last = sweeps.span()
        work(begin(first=first, last=last, as_of=at("2026-06-20 00:00")))
        missed = Finding.objects.exclude(state="closed").values_list("period", flat=True)
        owed = [] if reports_from is None else [month for month in (APRIL, MAY) if str(month) >= reports_from]
        assert sorted(missed) == owed


def test_the_nightly_sweep_opens_what_is_owed_and_looks_at_all_of_it(db, settings):
    owner = factories.organisation()
    settings.LODESTONE_CLOCK_OFFSET = int((at("2026-03-20 02:00") - clock.now()).total_seconds())
    tasks.nightly_sweep()
    sweep = Sweep.objects.get()
    assert (str(sweep.from_period), str(sweep.to_period), sweep.cause) == ("2026-01", "2026-02", "night")
    work(sweep)
    assert {(row.check_code, str(row.period)) for row in Finding.objects.filter(organisation=owner)} == {
        ("LAT001", "2026-01"),
        ("LAT001", "2026-02"),
    }


def test_the_command_sweeps_in_its_own_process_where_no_worker_answers(db):
    nation(2)
    out = StringIO()
    call_command("sweep", "--from", "2026-04", "--to", "2026-05", "--as-of", "2026-08-01", stdout=out)
    sweep = Sweep.objects.get()
    assert sweep.state == SweepState.DONE
    assert sweep.as_of == at("2026-08-02 00:00")
    assert "opened, 0 reopened, 0 closed, 0 unchanged" in out.getvalue()
    assert "4 filings, 8 lines" in out.getvalue()
    assert not Outbox.objects.filter(task="reporting.work_sweep").exists()


@pytest.mark.parametrize("arguments", [["--from", "2026-06", "--to", "2026-05"], ["--from", "June"]])
def test_the_command_refuses_months_that_make_no_sense(db, arguments):
    nation(1)
    with pytest.raises(CommandError):
        call_command("sweep", *arguments)


def test_the_command_says_that_there_is_nothing_to_sweep(db):
    with pytest.raises(CommandError, match="nothing to sweep"):
        call_command("sweep")


PREAMBLE = "import django; django.setup(); import sys, json; from reporting.services import sweeps; "
DIES = PREAMBLE + (
    "stay = sweeps._finish\n"
    "def hang(*args, **named):\n"
    "    stay(*args, **named); print('here', flush=True); sys.stdin.read()\n"
    "sweeps._finish = hang\n"
    "sweeps.work_shard(int(sys.argv[1]))"
)
GOES_ON = PREAMBLE + (
    "from reporting.models import Finding, Sweep\n"
    "while sweeps.work_shard(int(sys.argv[1])).worked: pass\n"
    "sweep = Sweep.objects.get(pk=int(sys.argv[1]))\n"
    "marks = list(Finding.objects.values_list('organisation_id', 'check_code', 'period', 'subject'))\n"
    "print(json.dumps({'state': sweep.state, 'opened': sweep.opened, 'filings': sweep.filings,"
    " 'findings': len(marks), 'distinct': len(set(marks))}))"
)


def other_process(tmp_path):
    """The environment of a process that works on the same data: the same PostgreSQL, or SQLite's in a file."""
    environment = {
        **os.environ,
        "LODESTONE_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "portal.config.settings",
    }
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        environment["DATABASE_URL"] = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
        return environment
    with sqlite3.connect(tmp_path / "lodestone.sqlite3") as copy:
        copy.executescript("\n".join(connection.connection.iterdump()))
    return environment


@pytest.mark.holds("killed-worker-harms-nothing")
# PostgreSQL's data is committed for the other process to see; of SQLite's it gets a copy
@pytest.mark.django_db(transaction="postgresql" in settings.DATABASES["default"]["ENGINE"])
def test_a_worker_killed_at_its_last_step_loses_nothing(tmp_path):
    nation(6)
    sweep = begin(promise=False)
    environment = other_process(tmp_path)
    command = [sys.executable, "-c", DIES, str(sweep.pk)]
    for _kill in range(2):
        worker = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert worker.stdout.readline() == "here\n"
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    environment["LODESTONE_CLOCK_OFFSET"] = str(
        settings.LODESTONE_CLOCK_OFFSET + 90
    )  # the dead ones' leases have run out
    command = [sys.executable, "-c", GOES_ON, str(sweep.pk)]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    told = json.loads(ended.stdout.strip().splitlines()[-1])
    assert told == {"state": "done", "opened": 6, "filings": 12, "findings": 6, "distinct": 6}
