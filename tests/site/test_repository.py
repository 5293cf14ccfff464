"""The repository tests itself: what is promised in one place stands in the other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from portal.config.celery import app
from portal.config.navigation import MENU
from portal.config.subscribers import SUBSCRIBERS
from portal.core import durable
from portal.core.permissions import Permission
from tests.load.quoted import is_true

ROOT = Path(__file__).resolve().parents[2]
LINE_LIMIT = 500


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.splitlines() if name.endswith(suffixes)]
    return [path for path in paths if path.exists()]


def test_no_file_is_longer_than_a_person_reads() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked(".py", ".html", ".css", ".js")
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > LINE_LIMIT
    }
    assert not long


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base_classes"}
    assert not [path for path in tracked(".py") if path.stem in names]


def test_nothing_is_left_unfinished() -> None:
    mark = re.compile(
        r"#\s*(TODO|FIXME|XXX)|NotImplementedError|pytest\.(mark\.)?(skip|xfail)|assert True$", re.MULTILINE
    )
    here = Path(__file__).name
    assert not [p for p in tracked(".py") if p.name != here and mark.search(p.read_text(encoding="utf-8"))]


def test_the_catalogues_hold_every_word_of_code_and_templates(tmp_path: Path) -> None:
    for path in tracked(".py", ".html", ".txt", ".po"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    environment = os.environ | {"LODESTONE_VAR": str(tmp_path / "var")}
    command = [sys.executable, "manage.py", "translations", "--collect"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    for language in ("en", "zh_Hans"):
        name = f"locale/{language}/LC_MESSAGES/django.po"
        collected = {entry.msgid for entry in polib.pofile(str(tmp_path / name))}
        kept = {entry.msgid for entry in polib.pofile(str(ROOT / name))}
        assert collected == kept, "make messages, and translate what is new"


def test_the_lock_pins_by_hash_and_names_no_registry() -> None:
    lock = (ROOT / ".ci/requirements.txt").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index-url" not in lock
    pins = re.findall(r"^[a-z0-9][^\s=]*==", lock, re.MULTILINE)
    assert len(pins) > 50
    assert lock.count("--hash=sha256:") >= len(pins)


def test_every_dependency_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.split("dependencies = [", 1)[1].split("]\n", 1)[0]
    said, silent = False, []
    for raw in block.splitlines():
        line = raw.strip()
        if line.startswith("#"):
            said = True
        elif line and not said:
            silent.append(line)
        elif not line:
            said = False
    assert not silent


def test_every_setting_of_the_environment_is_described() -> None:
    code = "".join(
        (ROOT / "portal/config" / name).read_text("utf-8") for name in ("settings.py", "environment.py")
    )
    names = set(re.findall(r'(?:env\.)?(?:text|boolean|integer|secret)\(\s*"([A-Z_]+)"', code))
    names |= set(re.findall(r"(?:text|boolean|integer|secret)\('([A-Z_]+)'", code))
    described = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert names
    assert not [name for name in sorted(names) if f"`{name}`" not in described]


def test_every_verb_of_the_makefile_is_in_the_readme() -> None:
    verbs = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"run", "test", "lint", "help"} <= set(verbs)
    assert not [verb for verb in verbs if f"make {verb}" not in readme]


def test_the_readme_quotes_the_figures_as_they_are() -> None:
    assert is_true(), "python -m tests.load.quoted"


def test_every_event_has_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    assert {task for tasks in SUBSCRIBERS.values() for task in tasks} <= durable.names()


def test_every_event_that_is_published_is_wired() -> None:
    call = re.compile(r'publish\(\s*"([a-z_.]+)"')
    published = {
        name
        for path in tracked(".py")
        if "tests" not in path.parts
        for name in call.findall(path.read_text("utf-8"))
    }
    assert published <= set(SUBSCRIBERS)


def test_every_periodic_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_every_task_that_is_enqueued_exists() -> None:
    app.loader.import_default_modules()
    call = re.compile(r'(?:enqueue|task=)\(?\s*"([a-z_]+\.[a-z_.]+)"')
    asked = {
        name
        for path in tracked(".py")
        if "tests" not in path.parts
        for name in call.findall(path.read_text("utf-8"))
    }
    assert {name for name in asked if not name.startswith("portal.core.perform")} <= durable.names() | set(
        app.tasks
    )


def test_the_menu_names_each_page_once() -> None:
    names = [entry.url_name for entry in MENU]
    assert len(names) == len(set(names))


def test_permission_codes_are_unique() -> None:
    values = [permission.value for permission in Permission]
    assert len(values) == len(set(values))


@pytest.mark.parametrize("path", ["Dockerfile", "docker-compose.yml"])
def test_images_are_pinned(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    images = re.findall(r"^\s*(?:FROM|image:)\s+(\S+)", text, re.MULTILINE)
    assert images
    assert all(re.search(r":\d+\.\d+", image) for image in images)


def test_addresses_of_this_machine_stand_nowhere() -> None:
    home = str(ROOT.parent) + "/"
    if home in {"/", "/tmp/"}:
        home = str(ROOT) + "/"
    suffixes = (
        ".py",
        ".md",
        ".toml",
        ".yml",
        ".txt",
        ".html",
        ".js",
        ".css",
        ".po",
        "Makefile",
        "Dockerfile",
    )
    assert not [path for path in tracked(*suffixes) if home in path.read_text(encoding="utf-8")]


def test_styles_use_no_value_that_is_not_named() -> None:
    """A browser drops a rule whose value nobody defines, and says nothing."""
    styles = "\n".join(path.read_text("utf-8") for path in tracked(".css"))
    made = set(re.findall(r"(--[a-z][a-z0-9-]*)\s*:", styles))
    used = set(re.findall(r"var\(\s*(--[a-z][a-z0-9-]*)", styles))
    assert len(used) > 20
    assert used <= made, used - made
