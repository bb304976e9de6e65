"""What a browser with an empty cache loads for a page, as it goes over the wire: for the test and the bench of B1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

MOST_BYTES, MOST_REQUESTS = 100_000, 6


@dataclass
class Visit:
    """Requests and bytes, headers included; ``parts`` by address, ``encodings`` by kind of file."""

    requests: int = 0
    bytes: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)


def measured_visit(page: Page, address: str) -> Visit:
    """Open the address in this page for the first time, and wait until the network rests."""
    visit = Visit()
    known: dict[str, str] = {}
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on("Network.requestWillBeSent", lambda told: known.update({told["requestId"]: told["request"]["url"]}))
    protocol.on("Network.responseReceived", lambda told: _note(visit, told))
    protocol.on("Network.loadingFinished", lambda told: _add(visit, known, told))
    page.goto(address, wait_until="networkidle")
    return visit


def _note(visit: Visit, told: dict[str, Any]) -> None:
    headers = {name.lower(): value for name, value in told["response"]["headers"].items()}
    visit.encodings.setdefault(told["type"].lower(), headers.get("content-encoding", ""))


def _add(visit: Visit, known: dict[str, str], told: dict[str, Any]) -> None:
    address = known.get(told["requestId"], "")
    if address.startswith("data:"):
        return
    visit.requests += 1
    visit.bytes += int(told["encodedDataLength"])
    visit.parts[address] = int(told["encodedDataLength"])
