"""Who a request comes from, whatever headers it brings."""

import pytest

from broadsheet.core.client import client_of

FORGED = [
    "203.0.113.9",
    "203.0.113.9, 198.51.100.4",
    "garbage",
    "",
    "[2001:db8::1]:99, ::1, 10.0.0.1",
    "a" * 5_000,
    ",,,",
]


@pytest.mark.parametrize("forwarded", FORGED)
def test_without_proxies_of_our_own_no_header_is_believed(forwarded: str) -> None:
    assert client_of("192.0.2.7", forwarded) == "192.0.2.7"


@pytest.mark.parametrize("forged", FORGED)
def test_behind_a_proxy_only_what_it_added_counts(forged: str) -> None:
    assert client_of("127.0.0.1", f"{forged}, 192.0.2.7", proxies=1) == "192.0.2.7"


@pytest.mark.parametrize("forged", FORGED)
def test_behind_two_proxies_the_first_of_them_is_believed(forged: str) -> None:
    assert client_of("127.0.0.1", f"{forged}, 192.0.2.7, 10.0.0.2", proxies=2) == "192.0.2.7"


def test_a_chain_shorter_than_the_proxies_gives_its_beginning() -> None:
    assert client_of("10.0.0.2", "", proxies=2) == "10.0.0.2"


def test_an_ipv6_client_is_its_network() -> None:
    assert client_of("2001:db8:1:2:3:4:5:6") == client_of("2001:db8:1:2::9") == "2001:db8:1:2::/64"


def test_an_ipv4_address_in_ipv6_form_is_the_same_client() -> None:
    assert client_of("::ffff:192.0.2.7") == "192.0.2.7"


@pytest.mark.parametrize("named", ["192.0.2.7:4711", "[2001:db8::1]:99", "2001:db8::1"])
def test_a_port_is_no_part_of_a_client(named: str) -> None:
    assert client_of("127.0.0.1", named, proxies=1) in ("192.0.2.7", "2001:db8::/64")


def test_what_is_no_address_is_the_end_of_the_connection() -> None:
    assert client_of("127.0.0.1", "unknown", proxies=1) == "127.0.0.1"
    assert client_of("", "") == ""
