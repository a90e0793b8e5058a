"""Whose requests count together when they are limited. Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

HOUSEHOLD_BITS = 64  # of an IPv6 address: what a provider gives to one household (RFC 6177)


def network_of(address: str) -> str:
    """The network of a client's address: an IPv4 address itself, the /64 of an IPv6 address.

    Whoever has a /64 has 18 quintillion addresses to send from. A port, which some proxies add,
    does not count; what is no address at all is one network.
    """
    plain = address.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        found = ip_address(plain.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    kept = int(found) >> (128 - HOUSEHOLD_BITS) << (128 - HOUSEHOLD_BITS)
    return f"{IPv6Address(kept)}/{HOUSEHOLD_BITS}"
