"""Atom feeds (RFC 4287): what is new, for programs that look by themselves, without an account and without a trace.

Ids are UUIDs (RFC 4122 §4.3) of the log's origin and a name: they stay when the site moves to another host, and are
the same in every language. A feed holds nothing about a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import Final
from xml.etree import ElementTree as ET

from flask import Response, request

from .clock import utc_text

NAMESPACE: Final = "http://www.w3.org/2005/Atom"
MEDIA_TYPE: Final = "application/atom+xml"
MOST_ENTRIES: Final = 50
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """``name``: what it is, the same for ever; ``address``: absolute; ``language``: of title and summary."""

    name: str
    title: str
    address: str
    updated: datetime
    published: datetime | None = None
    summary: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """``name``: with its language, the same for ever. ``page``: what people read instead; ``since``: when it is empty.

    ``others``: language → address of the same feed in it. ``author``: the city, of all that stands in it.
    """

    name: str
    title: str
    author: str
    language: str
    address: str
    page: str
    entries: Sequence[FeedEntry]
    others: dict[str, str]
    since: datetime | None = None


def feed_response(feed: Feed, *, origin: str) -> Response:
    """The feed as XML, or 304 when the reader has it already. ``origin``: the name of the audit log."""
    text = write_feed(feed, origin=origin)
    response = Response(text, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.set_etag(sha256(text).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["Content-Language"] = feed.language
    response.make_conditional(request)
    return response


def write_feed(feed: Feed, *, origin: str) -> bytes:
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("feed"), {f"{{{_XML}}}lang": feed.language})
    _add(root, "id", _id(origin, feed.name))
    _add(root, "title", feed.title)
    newest = max((entry.updated for entry in feed.entries), default=feed.since or _LONG_AGO)
    _add(root, "updated", utc_text(newest))
    _add(ET.SubElement(root, _tag("author")), "name", feed.author)
    _link(root, "self", feed.address, type=MEDIA_TYPE)
    _link(root, "alternate", feed.page, type="text/html")
    for language, address in feed.others.items():
        _link(root, "alternate", address, type=MEDIA_TYPE, hreflang=language)
    for entry in feed.entries:
        _write_entry(root, entry, origin, feed.language)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _write_entry(root: ET.Element, entry: FeedEntry, origin: str, language: str) -> None:
    own = {f"{{{_XML}}}lang": entry.language} if entry.language and entry.language != language else {}
    node = ET.SubElement(root, _tag("entry"), own)
    _add(node, "id", _id(origin, entry.name))
    _add(node, "title", entry.title)
    _add(node, "updated", utc_text(entry.updated))
    if entry.published is not None:
        _add(node, "published", utc_text(entry.published))
    _link(node, "alternate", entry.address, type="text/html")
    if entry.summary:
        _add(node, "summary", entry.summary)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _id(origin: str, name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{origin}/{name}").urn


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = _allowed(text)


def _link(parent: ET.Element, rel: str, address: str, **more: str) -> None:
    ET.SubElement(parent, _tag("link"), {"rel": rel, "href": address, **more})


def _allowed(text: str) -> str:
    """Without characters that XML 1.0 does not allow (§2.2)."""
    return "".join(letter for letter in text if letter in "\t\n" or (letter >= " " and letter not in "\ufffe\uffff"))
