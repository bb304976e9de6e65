"""The secret part of a mailed link, and keys under which failed sign-ins are counted: only digests are stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 in hex: how a token is stored. It has too many bits to be guessed, so no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def attempt_key(secret: str, *parts: str) -> str:
    """HMAC-SHA-256 in hex over what identifies an attempt: without the server's secret nobody can test a guess."""
    return hmac.new(secret.encode("utf-8"), "\0".join(parts).encode("utf-8"), hashlib.sha256).hexdigest()
