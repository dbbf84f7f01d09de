"""Limits for tries, and who counts as one caller. The tries made stand in the database."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Networks: TypeAlias = "tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]"


@dataclass(frozen=True, slots=True)
class Limit:
    """`tries` at once; then one more each time that `seconds / tries` have passed."""

    tries: int
    seconds: int

    @property
    def cost_ms(self) -> int:
        """The milliseconds after which one try is forgotten."""
        return self.seconds * 1000 // self.tries

    @property
    def capacity_ms(self) -> int:
        return self.cost_ms * self.tries

    def level(self, empty_at: int, now_ms: int) -> int:
        """The milliseconds until a bucket is empty; one that a wrong clock has filled is empty once it is set
        right."""
        return empty_at - now_ms if now_ms < empty_at <= now_ms + 2 * self.capacity_ms else 0


def caller_network(host: str) -> str:
    """The address that counts as one caller: IPv4 alone, IPv6 with its /64."""
    address = _address(host)
    if address is None or address.version == 4:
        return host if address is None else str(address)
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def _address(text: str) -> "ipaddress.IPv4Address | ipaddress.IPv6Address | None":
    """An address as proxies write it, perhaps in brackets and with a port; an IPv4 address that is written as
    IPv6 is IPv4 again. None where it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if address.version == 6 else address


def networks(text: str) -> Networks:
    """Networks or addresses with commas between; raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def is_among(trusted: Networks, host: str) -> bool:
    address = _address(host)
    return address is not None and any(address in network for network in trusted)


def first_untrusted(peer: str, forwarded: Sequence[str], trusted: Networks) -> str:
    """The address of the caller: the nearest one that no trusted proxy vouches for. `forwarded` are the
    addresses in X-Forwarded-For, each added by the proxy after it."""
    host = str(_address(peer) or peer)
    for claimed in reversed(forwarded):
        address = _address(claimed)
        if address is None or not is_among(trusted, host):
            break
        host = str(address)
    return host
