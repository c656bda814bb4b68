"""Who a request comes from: the key by which limits are counted."""

import ipaddress


def client_of(remote: str, forwarded: str = "", proxies: int = 0) -> str:
    """The address of a client, or of its network where that is what one person holds (an IPv6 /64).

    ``remote`` is the end of the connection, ``forwarded`` the header X-Forwarded-For, ``proxies`` how many proxies of
    our own stand before the site: each has added one address at the end, and what stands further left is hearsay.
    """
    chain = [*(part.strip() for part in forwarded.split(",") if part.strip()), remote] if proxies else [remote]
    named = chain[max(0, len(chain) - 1 - proxies)]
    return _network(named) or _network(remote) or remote


def _network(named: str) -> str:
    bare = named[1:].partition("]")[0] if named.startswith("[") else named
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))
