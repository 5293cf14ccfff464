"""Two producers with one of everything, and a visitor of every role with a session of their own."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from portal.accounts.models import Organisation, User
from tests import factories
from tests.site import world
from tests.site.visitors import Visitor, visitors_of

# SQLite has no second fence to look at.
collect_ignore = ["test_fence.py"] if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else []


@pytest.fixture
def two_producers(
    aurora: Organisation, borealis: Organisation, dora: User, emil: User, nina: User
) -> dict[str, Any]:
    alma = factories.user("alma", (aurora, "preparer"))
    carla = factories.user("carla", (borealis, "preparer"))
    common = world.shared(nina, emil)
    return {
        "own": common | world.belongings(aurora, alma, dora, "AURORACANARY"),
        "other": common | world.belongings(borealis, carla, dora, "BOREALISCANARY"),
        "none": common | dict.fromkeys(world.OWNED | world.COMMON, world.NOWHERE),
    }


@pytest.fixture
def visitors(
    two_producers: dict[str, Any], aurora: Organisation, office: Organisation, customs_house: Organisation
) -> list[Visitor]:
    return visitors_of(aurora, office, customs_house)
