"""No address opens to the password alone, for those whose role asks for a second factor."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Organisation
from tests import factories
from tests.conftest import with_second_factor
from tests.portal.accounts.test_sign_in import give_password
from tests.site.addresses import addresses
from tests.site.test_access import ask


def sent_to_sign_in(client: Client, method: str, url: str) -> bool:
    answer = ask(client, method, url)
    return answer.status_code == 302 and answer["Location"].startswith("/sign-in/")


@pytest.mark.holds("second-factor")
@pytest.mark.parametrize("role", ["administrator", "customs"])
def test_no_address_opens_to_the_password_alone(
    role: str, office: Organisation, customs_house: Organisation, two_producers: dict[str, Any]
) -> None:
    """Every address there is, asked by who has a role that needs a second factor and has given the password only."""
    place = customs_house if role == "customs" else office
    person = factories.user("hugo", (place, role))
    with_second_factor(person)
    half_in = Client()
    assert give_password(half_in, "hugo")["Location"] == reverse("mfa_authenticate")
    open_ = [
        (address.name, method)
        for address in addresses()
        for method in ("GET", "POST")
        if not address.is_public and not sent_to_sign_in(half_in, method, address.url(two_producers["own"]))
    ]
    assert not open_


@pytest.mark.holds("second-factor")
def test_before_setting_up_nothing_but_the_set_up_opens(
    office: Organisation, two_producers: dict[str, Any]
) -> None:
    factories.user("hugo", (office, "reviewer"))
    client = Client()
    give_password(client, "hugo")
    opened = set()
    for address in addresses():
        if address.is_public:
            continue
        for method in ("GET", "POST"):
            answer = ask(client, method, address.url(two_producers["own"]))
            if not (answer.status_code == 302 and answer["Location"] == reverse("mfa_activate_totp")):
                opened.add(address.name)
    assert opened == {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "switch_organisation",
    }
