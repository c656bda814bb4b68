"""Which hosts the client asks, and how it knows them."""

import shutil
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.sources.failures import BadReply, FetchFailed, Forbidden, Unreachable
from broadsheet.sources.http import Client, Reply
from broadsheet.sources.pace import Budget
from tests.sources.arxiv_faults import Answer
from tests.sources.arxiv_server import Saying, Server
from tests.sources.harvesting import QUICK, ToldClock, client

BUDGET = Budget("arxiv", 3.0)
FEED = Answer(b"<rss/>")


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock(datetime(2026, 11, 22, 12, tzinfo=UTC))


def get(arxiv: Server, folder: Path, clock: ToldClock) -> Reply:
    return client(folder, clock).get(f"{arxiv.home}/rss/cs.CL", source="arxiv", budget=BUDGET)


def test_a_redirect_on_the_same_host_is_followed_in_its_turn(tmp_path: Path, clock: ToldClock) -> None:
    with Saying(Answer(b"", status=302, headers=(("Location", "/rss/moved"),)), FEED) as arxiv:
        assert get(arxiv, tmp_path, clock).url.endswith("/rss/moved")
        assert clock.slept == [3.0]


def test_a_redirect_to_itself_ends(tmp_path: Path, clock: ToldClock) -> None:
    with Saying(Answer(b"", status=302, headers=(("Location", "/again"),))) as arxiv:
        with pytest.raises(BadReply, match="more than 3 redirects"):
            get(arxiv, tmp_path, clock)
        assert len(arxiv.log) == 24


@pytest.mark.parametrize(
    "place",
    ["http://169.254.169.254/latest", "https://elsewhere.example/", "ftp://x/", "file:///etc/passwd", "//["],
)
def test_a_redirect_elsewhere_is_not_followed(place: str, tmp_path: Path, clock: ToldClock) -> None:
    with Saying(Answer(b"", status=302, headers=(("Location", place),))) as arxiv:
        with pytest.raises(Forbidden):
            get(arxiv, tmp_path, clock)
        assert len(arxiv.log) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:192.168.1.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://0x7f000001/",
        "http://arxiv.org/",
        "https://someone@arxiv.org/",
        "gopher://arxiv.org/",
        "https:///x",
    ],
)
def test_addresses_that_no_source_has_are_not_asked(address: str, tmp_path: Path, clock: ToldClock) -> None:
    asking = Client(tmp_path, limits=QUICK, clock=clock)
    with pytest.raises(FetchFailed) as wrong:
        asking.get(address, source="reader", budget=Budget("reader", 0.0))
    assert isinstance(wrong.value, Forbidden), wrong.value


@pytest.fixture
def encrypted(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """``(server's, client's)``: a certificate for ``localhost`` alone, and who trusts it."""
    tool = shutil.which("openssl")
    if tool is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = [tool, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=str(certificate))


def behind(
    arxiv: Server, encrypted: tuple[ssl.SSLContext, ssl.SSLContext], folder: Path, clock: ToldClock
) -> Client:
    """A client of ``arxiv``, which from now on speaks encrypted."""
    arxiv._http.socket = encrypted[0].wrap_socket(arxiv._http.socket, server_side=True)
    return Client(folder, private=True, limits=QUICK, clock=clock, tls=encrypted[1])


def test_an_encrypted_host_is_asked_by_its_name(
    encrypted: tuple[ssl.SSLContext, ssl.SSLContext], tmp_path: Path, clock: ToldClock
) -> None:
    with Saying(FEED) as arxiv:
        asking = behind(arxiv, encrypted, tmp_path, clock)
        url = f"https://localhost:{arxiv._http.server_port}/rss/cs.CL"
        assert asking.get(url, source="arxiv", budget=BUDGET).body == FEED.body


def test_an_encrypted_host_with_another_name_is_not_believed(
    encrypted: tuple[ssl.SSLContext, ssl.SSLContext], tmp_path: Path, clock: ToldClock
) -> None:
    with Saying(FEED) as arxiv:
        asking = behind(arxiv, encrypted, tmp_path, clock)
        url = f"https://127.0.0.1:{arxiv._http.server_port}/rss/cs.CL"
        with pytest.raises(Unreachable, match="certificate"):
            asking.get(url, source="arxiv", budget=BUDGET)
        assert arxiv.log == []
