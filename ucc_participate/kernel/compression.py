"""Text leaves compressed (gzip) where the browser takes it: pages and styles shrink to a fifth on a slow network.

Static files are compressed once in each process of the server. Where a session is at stake the length gets random
padding, in the way of “Heal the BREACH”: whoever watches lengths while making a browser ask for pages learns nothing of
what else stands in them.
"""

from __future__ import annotations

import gzip
import secrets
from functools import lru_cache

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

LEAST_BYTES = 1_000
MOST_PADDING = 100
LEVEL_ONCE, LEVEL_EACH_TIME = 9, 4
TYPES = frozenset(
    ("text/html", "text/css", "text/javascript", "text/plain", "text/csv", "application/json", "image/svg+xml")
)
_HEADER_BYTES, _FLAGS, _HAS_NAME = 10, 3, 8


def compress(response: Response) -> Response:
    """The response with its body compressed, if that is of use and nobody did it before."""
    is_static = request.endpoint == "static"
    may_vary = response.mimetype in TYPES and (is_static or not response.is_streamed)
    if not may_vary or response.status_code == 304 or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if not takes_gzip() or response.status_code == 206 or request.method == "HEAD":
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < LEAST_BYTES:
        return response
    if is_static:
        response.set_data(_compressed_once(body))
    else:
        packed = gzip.compress(body, LEVEL_EACH_TIME, mtime=0)
        response.set_data(_padded(packed) if _has_session() else packed)
    response.headers["Content-Encoding"] = "gzip"
    tag, _is_weak = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
    return response


def takes_gzip() -> bool:
    """Whether whoever asks can read gzip."""
    return request.accept_encodings.quality("gzip") > 0


@lru_cache(maxsize=50)
def _compressed_once(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL_ONCE, mtime=0)


def _has_session() -> bool:
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def _padded(packed: bytes) -> bytes:
    """The same archive with a file name of random length in its header, which readers pass over (RFC 1952 §2.3.1)."""
    name = b"a" * secrets.randbelow(MOST_PADDING)
    flags = packed[_FLAGS] | _HAS_NAME
    return (
        packed[:_FLAGS] + bytes((flags,)) + packed[_FLAGS + 1 : _HEADER_BYTES] + name + b"\0" + packed[_HEADER_BYTES:]
    )


def init_app(app: Flask) -> None:
    """Compress before the cache of visitors' pages keeps a page, so that a kept page is compressed once."""
    app.after_request(compress)
