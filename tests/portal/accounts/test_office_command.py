"""The regulator's first administrator comes by a command, the others by invitation."""

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.models import Membership, Organisation, User


def test_the_first_administrator_is_named(nina: User) -> None:
    call_command("office", name="Rare Earth Office", administrator="nina")
    assert Membership.objects.get(user=nina).role == "administrator"
    assert Organisation.objects.get().is_regulator


def test_an_unknown_account_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("office", name="Rare Earth Office", administrator="nobody")


def test_a_second_office_is_refused(nina: User, office: Organisation) -> None:
    with pytest.raises(CommandError, match="already"):
        call_command("office", name="Another", administrator="nina")
