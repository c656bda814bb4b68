"""One request over the network, with a limit on everything a slow, broken or hostile server could use up.

Every step (look-up aside, which the system limits) shares one deadline; an address is checked where it is connected
to, not before, so that no second look-up can slip in another; nothing is followed, stored or decoded unasked.
"""

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore2
from httpcore2 import NetworkBackend, NetworkStream, SyncBackend

from broadsheet.sources.failures import BadReply, Forbidden, Unreachable

CONNECT_WITHIN = 10.0
SILENT_FOR = 60.0
ALL_WITHIN = 120.0
MAX_PACKED = 32 * 1024 * 1024
MAX_BODY = 32 * 1024 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, of silence, and in all; bytes of a body as it travels and unpacked."""

    connect: float = CONNECT_WITHIN
    silence: float = SILENT_FOR
    whole: float = ALL_WITHIN
    packed: int = MAX_PACKED
    body: int = MAX_BODY


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, its body unpacked; ``headers`` by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    url: str,
    headers: dict[str, str],
    *,
    limits: Limits,
    private: bool,
    context: ssl.SSLContext | None = None,
    content: bytes = b"",
) -> Answer:
    """Ask for ``url`` once, over a connection of its own. ``private``: addresses that are not public are allowed.
    With ``content`` it is sent there (POST).

    Raises:
        Unreachable: if there is no answer, or not in time: worth another try.
        BadReply: if the answer is cut, larger than the limits or packed in a way that was not asked for.
        Forbidden: if the name leads to an address that is not public.
    """
    backend = _Backend(time.monotonic() + limits.whole, private)
    timeouts = {"connect": limits.connect, "read": limits.silence, "write": limits.silence, "pool": limits.connect}
    with httpcore2.ConnectionPool(max_connections=1, network_backend=backend, ssl_context=context) as pool:
        try:
            with pool.stream(
                "POST" if content else "GET",
                url,
                headers=list(headers.items()),
                content=content or None,
                extensions={"timeout": timeouts},
            ) as reply:
                named = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in reply.headers}
                return Answer(reply.status, named, _body(reply.iter_stream(), named, limits))
        except httpcore2.TimeoutException as wrong:
            spent = "in all" if backend.is_over else "without a byte"
            within = limits.whole if backend.is_over else limits.silence
            raise Unreachable(f"no whole answer within {within:g} seconds {spent}") from wrong
        except httpcore2.RemoteProtocolError as wrong:
            raise BadReply(f"the answer is cut short or no HTTP: {wrong}") from wrong
        except (httpcore2.NetworkError, ssl.SSLError, OSError) as wrong:
            raise Unreachable(f"no connection: {wrong or type(wrong).__name__}") from wrong
        except (httpcore2.UnsupportedProtocol, httpcore2.LocalProtocolError) as wrong:
            raise Forbidden(f"{url[:200]} is no address to ask: {wrong}") from wrong


def _body(pieces: Iterable[bytes], headers: dict[str, str], limits: Limits) -> bytes:
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise BadReply(f"a body packed as {packing[:40]!r}, which was not asked for")
    unpack = zlib.decompressobj(wbits=31) if packing.endswith("gzip") else None
    taken, size, kept = 0, 0, list[bytes]()
    for piece in pieces:
        taken += len(piece)
        if taken > limits.packed:
            raise BadReply(f"a body of more than {limits.packed >> 20} MB")
        if unpack is not None:
            # One more than is allowed shows that there is more, without unpacking it.
            room = limits.body - size + 1
            try:
                piece = unpack.decompress(piece, room)
            except zlib.error as wrong:
                raise BadReply(f"a body whose gzip data is damaged ({wrong})") from None
        size += len(piece)
        if size > limits.body:
            raise BadReply(f"a body that unpacks to more than {limits.body >> 20} MB")
        kept.append(piece)
    if unpack is not None and not unpack.eof and taken:
        raise BadReply("a body whose gzip data ends too early")
    return b"".join(kept)


class _Backend(NetworkBackend):
    """Connects to addresses that are allowed, all within one deadline."""

    def __init__(self, deadline: float, private: bool) -> None:
        self._deadline = deadline
        self._private = private
        self._plain = SyncBackend()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._deadline

    def left(self, timeout: float | None) -> float:
        rest = self._deadline - time.monotonic()
        if rest <= 0:
            raise httpcore2.ReadTimeout("the time for this request is over")
        return rest if timeout is None else min(rest, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as wrong:
            raise httpcore2.ConnectError(f"{host} has no address: {wrong}") from wrong
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not self._private and (hidden := next((one for one in addresses if not is_public(one)), None)):
            raise Forbidden(f"{host} leads to {hidden}, which is no public address: not asked")
        failed: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses[:4]:
            try:
                plain = self._plain.connect_tcp(address, port, self.left(timeout), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as wrong:
                failed = wrong
            else:
                return _Stream(plain, self)
        raise failed


class _Stream(NetworkStream):
    def __init__(self, inner: NetworkStream, backend: _Backend) -> None:
        self._inner = inner
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(min(max_bytes, _PIECE), self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        return _Stream(
            self._inner.start_tls(ssl_context, server_hostname, self._backend.left(timeout)), self._backend
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def is_public(address: str) -> bool:
    """Whether ``address`` is one of the public network: not of this machine, a private net, or a net inside another."""
    try:
        one = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(one, ipaddress.IPv6Address):
        inner = one.ipv4_mapped or one.sixtofour or (one.teredo[1] if one.teredo else None)
        if inner is None and one in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(one) & 0xFFFF_FFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return one.is_global and not one.is_multicast
