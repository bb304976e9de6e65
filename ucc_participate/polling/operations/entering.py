"""Papers become ballots: counted, typed by two clerks, compared, decided where they differ, put to the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, new_public_id
from ...voting import operations as voting
from ...voting.building import marks_of
from ...voting.models import Vote
from ...voting.operations import Papers
from .. import policies, queries
from ..codes import batch_hash
from ..comparing import agreed_papers
from ..events import ACT, BoxEvent
from ..keyboard import Read
from ..models import BallotBox, BoxState, TypedPaper, Typist
from ..recording import record_box

LEAST_TOGETHER = 10
"""Papers of fewer are not put to the ballots alone: whoever saw who came to a small box would know how they voted."""
MOST_FOUND = 20_000


def count_box(session: Session, box: BallotBox, *, found: int, actor: Actor, now: datetime) -> None:
    """So many papers lay in the box. May be put right while nothing of it is typed. ``box`` is locked."""
    require(policies.can_count(actor, box, now=now))
    if box.typists:
        raise Conflict(_l("Its papers are being typed already. A wrong number is explained when the box is finished."))
    if not 0 <= found <= MOST_FOUND:
        raise Invalid(_l("Count again: between none and %(most)s papers.", most=MOST_FOUND), field="found")
    box.found = found
    box.move_to(BoxState.COUNTED)
    record_box(session, BoxEvent.COUNTED, box, actor, now)


def type_papers(session: Session, box: BallotBox, papers: Mapping[int, Read], *, actor: Actor, now: datetime) -> None:
    """One of the two clerks has typed these papers (by number, from 1). ``box`` is locked, with its typists.

    Whoever types first has the first of two places, the next one the second, for the whole box. What both have typed
    of a pile is fixed: where they differ a third person decides. Raises Conflict otherwise.
    """
    require(policies.can_type(actor, box, now=now))
    typist = _typist(session, box, actor)
    others = queries.typed_by(session, box, 3 - typist.side)
    own = queries.typed_by(session, box, typist.side)
    for number, read in papers.items():
        if not 1 <= number <= (box.found or 0):
            raise Invalid(_l("There is no paper %(number)s in this box.", number=lazy_number(number)))
        known = own.get(number)
        if known is None:
            session.add(_paper(box, typist.side, number, read))
        elif (known.text, known.said) != (read.text, (read.choices, read.invalid)):
            if number in others:
                raise Conflict(_l("Both have typed this paper. Where they differ a third person decides."))
            known.text, known.choices, known.invalid = read.text, read.choices, read.invalid
    session.flush()
    if not typist.is_done and len(queries.typed_by(session, box, typist.side)) == box.found:
        typist.is_done = True
        about: dict[str, Any] = {"process": box.place.vote.process.ref, "schema": ACT}
        record(session, BoxEvent.TYPED, actor=actor, subject=box.ref, now=now, payload={"side": typist.side}, **about)


def _typist(session: Session, box: BallotBox, actor: Actor) -> Typist:
    known = next((each for each in box.typists if each.account_id == actor.account_id), None)
    if known is None:
        known = Typist(box_id=box.id, side=len(box.typists) + 1, account_id=actor.account_id, is_done=False)
        session.add(known)
        set_committed_value(box, "typists", [*box.typists, known])
        session.flush()
    return known


def _paper(box: BallotBox, side: int, number: int, read: Read, reason: str | None = None) -> TypedPaper:
    facts: dict[str, Any] = {"text": read.text, "choices": read.choices, "invalid": read.invalid, "reason": reason}
    return TypedPaper(box_id=box.id, side=side, number=number, **facts)


def decide_papers(
    session: Session, box: BallotBox, decided: Mapping[int, Read], *, reason: str, actor: Actor, now: datetime
) -> None:
    """A third person has looked at papers on which the two differ. ``reason``: in words for the protocol.

    ``box`` is locked. Raises Conflict for a paper on which nothing is to be decided.
    """
    require(policies.can_decide(actor, box, now=now))
    differing = {each.number: each for pile in queries.compared(session, box) for each in pile.differences}
    for number, read in decided.items():
        if number not in differing:
            raise Conflict(_l("On paper %(number)s nothing is to be decided.", number=lazy_number(number)))
        known = differing[number].decided
        if known is None:
            session.add(_paper(box, 3, number, read, reason))
        else:
            known.text, known.choices, known.invalid, known.reason = read.text, read.choices, read.invalid, reason
    session.flush()


def finish_box(session: Session, box: BallotBox, *, reason: str | None, actor: Actor, now: datetime) -> None:
    """Both agree, or it is decided, on every paper; the numbers add up, or the reason says why not (it is public).

    ``box`` is locked. Raises Conflict while something is open, Invalid for a missing reason.
    """
    require(policies.can_compare(actor, box, now=now))
    if not box.found == sum(1 for _paper in queries.typed_by(session, box, 1)) or (len(box.typists) < 2 and box.found):
        raise Conflict(_l("Not all papers of this box have been typed twice."))
    piles = queries.compared(session, box)
    if not all(pile.is_settled for pile in piles):
        raise Conflict(_l("The two clerks do not agree on every paper yet."))
    papers = agreed_papers(piles, queries.typed_by(session, box, 1))
    if box.found != box.handed_out and not reason:
        raise Invalid(_differs_in_words(box), field="reason")
    box.invalid = dict(sorted(Counter(each.invalid.value for each in papers if each.invalid is not None).items()))
    box.blank = sum(1 for each in papers if each.invalid is None and not each.choices)
    box.differences = sum(len(pile.differences) for pile in piles)
    box.reason = reason if box.found != box.handed_out else None
    box.move_to(BoxState.AGREED)
    record_box(session, BoxEvent.AGREED, box, actor, now)


def _differs_in_words(box: BallotBox) -> Any:
    return _l(
        "Papers handed out: %(out)s. Papers in the box: %(found)s. Say why they differ; everybody can read it.",
        out=lazy_number(box.handed_out),
        found=lazy_number(box.found or 0),
    )


def enter_boxes(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> int:
    """Put the papers of all agreed boxes to the other ballots, together; how many. What was typed is destroyed.

    ``vote`` is locked. Fewer than LEAST_TOGETHER papers wait for another box, unless these are the last ones.
    """
    require(policies.can_enter(actor, vote, now=now))
    boxes = queries.boxes_in_state(session, vote, BoxState.AGREED)
    if not boxes:
        raise Conflict(_l("No box is ready."))
    papers = {box.id: agreed_papers(queries.compared(session, box), queries.typed_by(session, box, 1)) for box in boxes}
    ballots = [
        marks_of(vote, bytes(each.choices)) for found in papers.values() for each in found if each.choices is not None
    ]
    if len(ballots) < LEAST_TOGETHER and queries.boxes_missing(session, vote) > len(boxes):
        least = lazy_number(LEAST_TOGETHER)
        raise Conflict(_l("Fewer than %(least)s papers would stand alone. Finish another box first.", least=least))
    batch = Papers(new_public_id(), _places_in_words(boxes), sum(box.invalid_papers for box in boxes))
    commitments = voting.enter_ballots(session, vote, batch, ballots, actor=actor, now=now)
    for box in boxes:
        box.batch, box.batch_sha256 = batch.batch, batch_hash(commitments)
        box.move_to(BoxState.ENTERED)
        session.execute(delete(TypedPaper).where(TypedPaper.box_id == box.id))
        record_box(session, BoxEvent.ENTERED, box, actor, now)
    return len(ballots)


def _places_in_words(boxes: Sequence[BallotBox]) -> str:
    return "; ".join(f"{box.place.name} / {box.number}" for box in boxes)


def end_paper(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> None:
    """All boxes are in. Raises Conflict while one is not. ``vote`` is locked, with options and process."""
    require(policies.can_end(actor, vote, now=now))
    missing = queries.boxes_missing(session, vote)
    if missing:
        raise Conflict(_l("Boxes that are not entered yet: %(number)s.", number=lazy_number(missing)))
    voting.end_paper(session, vote, actor=actor, now=now)
