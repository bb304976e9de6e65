"""Networks without addresses: a keyed sketch that lasts a day and is forgotten after a week.

An address is cut to its network (/24, of IPv6 /48), joined with the day and put through HMAC under the server's secret.
Two acts of one network on one day are recognised as such; nobody can read an address out of a sketch, and nobody can
follow a network from day to day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from ..kernel.codes import Digests

KEPT = timedelta(days=7)
_LENGTH = 32


def sketch(address: str | None, *, digests: Digests, now: datetime) -> str | None:
    """The sketch of an address on this day (UTC); None where there is none to be known."""
    network = _network(address)
    return digests("network", now.date().isoformat(), network)[:_LENGTH] if network else None


def _network(address: str | None) -> str | None:
    try:
        known = ip_address(address or "")
    except ValueError:
        return None
    mapped = getattr(known, "ipv4_mapped", None)
    known = mapped or known
    return str(ip_network(f"{known}/{24 if known.version == 4 else 48}", strict=False))
