"""What is printed for a polling place: ballots, code letters, protocols. The .typ files only set what comes ready."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from flask_babel import gettext as _

from ..kernel.i18n import dates, in_language, number, site_timezone, text_direction, writing_for
from ..outreach.letters import TypesettingError, direction_of
from ..voting.models import Vote, VoteState
from ..voting.rules import BallotKind
from . import wording
from .models import BallotBox, Mishap, MishapReason, PollingPlace

TYPESETTING_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Letter:
    """One code letter. ``name``: as it stands on the letter, or nothing."""

    name: str
    code: str


def ballots_pdf(vote: Vote, *, locale: str, city: str, papers: int, is_large: bool, address: str) -> bytes:
    """So many papers, each like every other: nothing on one tells it from the next, so none leads to a person."""
    with writing_for(locale):
        texts = {
            "city": city,
            "title": in_language(vote.title, locale).text,
            "heading": _("Ballot"),
            "how": [str(line) for line in wording.how_to_mark(vote)],
            "secret": _("Write no name and no sign on this paper: with one it does not count."),
            "blank": _("A paper without any mark counts as a blank ballot."),
            "fold": _("Fold it and put it into the box yourself."),
            "spoiled": _("A mistake? Give it back at the table and take a new one."),
            "scan": _("About this vote"),
            "yes": _("Yes"),
            "no": _("No"),
        }
        options = [_option(vote, at, locale) for at in range(len(vote.options))]
    return _typeset(
        "ballots",
        {
            "locale": locale,
            "direction": text_direction(locale),
            "texts": texts,
            "options": options,
            "mark": _mark(vote.kind),
            "papers": papers,
            "large": is_large,
            "modules": _modules(address),
        },
    )


def _option(vote: Vote, at: int, locale: str) -> dict[str, Any]:
    option = vote.options[at]
    return {
        "number": number(at + 1, locale=locale),
        "title": option.title,
        "direction": direction_of(option.title, text_direction(locale)),
        "cost": str(wording.money_of(vote, option.cost)) if option.cost else "",
    }


def _mark(kind: BallotKind) -> str:
    """What stands beside a line: a box to mark, a box to write a number in, or two boxes."""
    if kind is BallotKind.YESNO:
        return "yesno"
    return "number" if kind.is_ranked or kind.has_points else "box"


def letters_pdf(
    vote: Vote, letters: Sequence[Letter], places: Sequence[PollingPlace], *, locale: str, city: str, contact: str
) -> bytes:
    """A page for each: the code, where one votes with it, and that it is good once. The QR code is the code alone."""
    tz = site_timezone()
    with writing_for(locale):
        title = in_language(vote.title, locale).text
        texts = {
            "city": city,
            "title": title,
            "heading": _("Your code for voting in person"),
            "opening": _(
                "You are on the roll of “%(title)s”. With this letter you can vote without a telephone.", title=title
            ),
            "steps": [
                _("Bring this letter to one of the places below while it is open."),
                _("Show it at the table and take a paper ballot, or type the code at a kiosk. The staff helps you."),
                _("The code is good once, in one of these ways. What you choose nobody can see."),
            ],
            "code": _("Your code"),
            "where": _("Where and when"),
            "keep": _("Who holds this letter can vote in your place. Keep it, and pass it on to nobody."),
            "lost": _("Lost? Tell us: the code is put out of use and you get another one."),
            "to": _("To"),
            "contact": contact,
        }
        where = [
            {
                "name": place.name,
                "location": place.location,
                "hours": _hours(place.opens_at, place.closes_at, locale, tz),
            }
            for place in places
        ]
    pages = [{"name": each.name, "code": each.code, "modules": _modules(each.code)} for each in letters]
    facts = {"locale": locale, "direction": text_direction(locale), "texts": texts, "places": where, "letters": pages}
    return _typeset("letters", facts)


def _hours(opens_at: datetime, closes_at: datetime, locale: str, tz: str) -> str:
    start, end = dates.moment(opens_at, locale=locale, tz=tz), dates.moment(closes_at, locale=locale, tz=tz)
    return f"{start} – {end}"


def protocol_pdf(
    place: PollingPlace, mishaps: Mapping[tuple[str, str], int], *, locale: str, city: str, now: datetime
) -> bytes:
    """The protocol to be signed: place, times, functions, numbers box by box, differences and reasons, fingerprints.

    Blank papers are told once the vote is closed: before that no number that depends on ballots leaves.
    """
    tz = site_timezone()
    with writing_for(locale):
        texts = _protocol_texts(place, locale)
        boxes = [_box(box, locale, tells_blank=place.vote.status is VoteState.CLOSED) for box in place.boxes]
        happened = [
            [
                f"{wording.MISHAPS[Mishap(kind)]}: {wording.MISHAP_REASONS[MishapReason(reason)]}",
                number(times, locale=locale),
            ]
            for (kind, reason), times in sorted(mishaps.items())
        ]
        facts = [
            [_("Vote"), in_language(place.vote.title, locale).text],
            [_("Place"), f"{place.name} – {place.location}"],
            [_("Open"), _hours(place.opens_at, place.closes_at, locale, tz)],
            [_("Papers brought there"), number(place.printed, locale=locale) if place.printed is not None else "–"],
            [_("Printed on"), dates.moment(now, locale=locale, tz=tz)],
        ]
    return _typeset(
        "protocol",
        {
            "locale": locale,
            "direction": text_direction(locale),
            "city": city,
            "texts": texts,
            "facts": facts,
            "boxes": boxes,
            "mishaps": happened,
        },
    )


def _protocol_texts(place: PollingPlace, locale: str) -> dict[str, Any]:
    return {
        "heading": _("Protocol of the polling place"),
        "boxes": _("Ballot boxes"),
        "mishaps": _("Papers that came back or were replaced"),
        "none": _("None."),
        "reason": _("Why the numbers differ"),
        "fingerprint": _("Fingerprint of the batch"),
        "statement": _(
            "We have seen that the boxes were empty before the opening, and that the numbers above are what we counted."
        ),
        "signatures": _("Signatures"),
        "functions": [
            _("Head of the polling place"),
            _("Clerk at the roll"),
            _("Clerk at the boxes"),
            _("First to type the papers"),
            _("Second to type the papers"),
            _("Observer"),
        ],
        "name": _("Name"),
        "signature": _("Signature"),
    }


def _box(box: BallotBox, locale: str, *, tells_blank: bool) -> dict[str, Any]:
    def told(value: int | None) -> str:
        return number(value, locale=locale) if value is not None else "–"

    is_settled = box.blank is not None
    rows = [
        [_("Papers handed out"), told(box.handed_out)],
        [_("Spoiled and replaced, kept in the envelope"), told(box.spoiled)],
        [_("Papers found in the box"), told(box.found)],
        [_("Invalid"), told(box.invalid_papers if is_settled else None)],
        *[
            [f"– {wording.INVALIDITIES[each]}", told(box.invalid[each])]
            for each in wording.INVALIDITIES
            if each in box.invalid
        ],
        [_("Counted, blank ones among them"), told(box.valid_papers if is_settled else None)],
        *([[_("Blank"), told(box.blank)]] if tells_blank and is_settled else []),
        [_("Papers on which the two clerks differed at first"), told(box.differences)],
    ]
    return {
        "title": str(wording.box_name(box)),
        "rows": rows,
        "reason": box.reason or "",
        "batch": box.batch_sha256 or "",
    }


def _modules(text: str) -> str:
    """The QR code as rows of 0 and 1, one row after the other, without its quiet zone."""
    rows = segno.make(text, error="m", boost_error=False, micro=False).matrix
    return "".join("1" if module else "0" for row in rows for module in row)


def _typeset(kind: str, data: Mapping[str, Any]) -> bytes:
    """Raises TypesettingError."""
    sent = json.dumps(data, ensure_ascii=False, default=str).encode("utf-8")
    command = [sys.executable, "-m", "ucc_participate.polling.typesetting", kind]
    made = subprocess.run(  # noqa: S603  # our own program, data that we have just written
        command, input=sent, capture_output=True, timeout=TYPESETTING_SECONDS, check=False
    )
    if made.returncode:
        raise TypesettingError(made.stderr.decode("utf-8", "replace")[-2000:])
    return made.stdout
