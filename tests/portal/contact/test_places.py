"""Where messages may go: the public internet over TLS, and nowhere inside."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from portal.contact.domain.places import Forbidden, Rules, address_of, by_the_system, is_public, target_of
from tests.portal.contact.receiver import LOOPBACK

pytestmark = pytest.mark.holds("webhooks-no-private-networks")

PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2001:4860:4860::8888"]
INSIDE = """
0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1
192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1
100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 fc00::1 fd00:ec2::254 fe80::1
fe80::1%eth0 fec0::1 ff02::1 4000::1
""".split()


@pytest.mark.parametrize("text", PUBLIC)
def test_the_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", INSIDE)
def test_nothing_else_is(text: str) -> None:
    assert not is_public(ip_address(text))


def test_ipv4_inside_ipv6_is_judged_as_what_it_leads_to() -> None:
    assert is_public(ip_address("64:ff9b::808:808"))
    assert is_public(ip_address("::ffff:8.8.8.8"))
    assert is_public(ip_address("2002:808:808::1"))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://erp.aurora.example/", "not_https"),
        ("ftp://erp.aurora.example/", "not_https"),
        ("file:///etc/passwd", "url_unreadable"),
        ("gopher://erp.aurora.example/", "not_https"),
        ("https:///nowhere", "url_unreadable"),
        ("https://user:pass@erp.aurora.example/", "credentials_in_url"),
        ("https://user@erp.aurora.example/", "credentials_in_url"),
        ("https://erp.aurora.example:22/", "port_not_allowed"),
        ("https://erp.aurora.example:6379/", "port_not_allowed"),
        ("https://erp.aurora.example:99999/", "url_unreadable"),
        ("https://erp.aurora.example/#part", "url_unreadable"),
        ("https://erp.aurora.example/a\r\nX: y", "url_unreadable"),
        ("https://erp.aurora.example/a b", "url_unreadable"),
        ("https://erp.aurora.example\\@10.0.0.1/", "url_unreadable"),
        ("https://ＥＲＰ.example/", "url_unreadable"),
        ("https://[fe80::1%25eth0]/", "url_unreadable"),
        ("https://127.0.0.1/", "address_not_public"),
        ("https://[::1]/", "address_not_public"),
        ("https://[::ffff:169.254.169.254]/latest/meta-data/", "address_not_public"),
        ("https://" + "a" * 500 + ".example/", "url_unreadable"),
    ],
)
def test_addresses_that_are_refused_by_their_form(url: str, code: str) -> None:
    with pytest.raises(Forbidden) as refused:
        target_of(url, Rules())
    assert refused.value.code == code


def test_a_fit_address_is_taken_apart() -> None:
    target = target_of("https://ERP.aurora.example:8443/in?x=1", Rules())
    assert (target.tls, target.host, target.port, target.path) == (
        True,
        "erp.aurora.example",
        8443,
        "/in?x=1",
    )
    assert target.authority == "erp.aurora.example:8443"
    assert target_of("https://erp.aurora.example", Rules()).authority == "erp.aurora.example"


@pytest.mark.parametrize(
    "found",
    [[], ["10.0.0.5"], ["8.8.8.8", "10.0.0.5"], ["::1", "8.8.8.8"], ["fe80::1%2"], ["not an address"]],
)
def test_a_name_is_refused_where_one_of_its_addresses_is_not_public(found: list[str]) -> None:
    rules = Rules(resolve=lambda host, port: found)
    with pytest.raises(Forbidden) as refused:
        address_of(target_of("https://erp.aurora.example/", rules), rules)
    assert refused.value.code == "address_not_public"


def test_a_name_is_looked_up_once() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8"] if len(asked) == 1 else ["10.0.0.1"]

    rules = Rules(resolve=resolve)
    assert str(address_of(target_of("https://erp.aurora.example/", rules), rules)) == "8.8.8.8"
    assert asked == ["erp.aurora.example"]


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "0177.0.0.1", "127.1"])
def test_odd_spellings_of_loopback_are_seen_as_what_the_system_makes_of_them(host: str) -> None:
    rules = Rules()
    target = target_of(f"https://{host}/", rules)
    with pytest.raises(Forbidden) as refused:
        address_of(target, rules)
    assert refused.value.code == "address_not_public"


def test_a_name_that_cannot_be_looked_up_has_no_address() -> None:
    assert by_the_system("\udce4.example", 443) == []


def test_a_network_that_was_let_in_opens_no_port_and_no_plain_way_to_the_internet() -> None:
    rules = Rules(networks=LOOPBACK, resolve=lambda host, port: ["8.8.8.8"])
    for url, code in (("http://a.example/", "not_https"), ("https://a.example:22/", "port_not_allowed")):
        with pytest.raises(Forbidden) as refused:
            address_of(target_of(url, rules), rules)
        assert refused.value.code == code
