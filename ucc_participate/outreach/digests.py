"""Under which digests codes of invitations and addresses of contacts are kept."""

from __future__ import annotations

from ..kernel.codes import Digests, read_code


def code_digest(digests: Digests, typed: str) -> str:
    """Of a code however it is typed; a mistyped one gets the digest of nothing: looking it up costs the same."""
    return digests("invitation", read_code(typed) or "")


def address_digest(digests: Digests, address: str) -> str:
    return digests("contact", address.strip().lower())
