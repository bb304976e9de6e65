"""Reading minutes, what is said of them, and what happened in the room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...audit.models import LogOpening
from ...kernel.errors import NotFound
from ...moderation.models import Standing
from ...processes.models import Process
from ...proposals.models import Proposal, ProposalState
from ...stakeholders.models import Organisation
from ..models import Hand, Meeting, Minutes, MinutesDesk, MinutesVoice, ShowOfHands, SpeakingTurn, VoiceKind


def versions(session: Session, meeting: Meeting) -> list[Minutes]:
    """All published versions, newest first."""
    query = select(Minutes).where(Minutes.meeting_id == meeting.id).order_by(Minutes.number.desc())
    return list(session.scalars(query))


def standing(session: Session, meeting: Meeting) -> Minutes | None:
    """The version that holds."""
    query = select(Minutes).where(Minutes.meeting_id == meeting.id).order_by(Minutes.number.desc()).limit(1)
    found: Minutes | None = session.scalar(query)
    return found


def voices(session: Session, meeting: Meeting) -> list[MinutesVoice]:
    """What was said of every version, oldest first, with organisations and versions."""
    query = select(MinutesVoice).where(MinutesVoice.meeting_id == meeting.id).order_by(MinutesVoice.number)
    options = (joinedload(MinutesVoice.minutes), joinedload(MinutesVoice.organisation))
    return list(session.scalars(query.options(*options)))


def get_voice(session: Session, meeting: Meeting, number: int) -> MinutesVoice:
    """With its version and organisation. Raises NotFound."""
    return _one(session.scalar(_voice(meeting, number)))


def voice_to_change(session: Session, meeting: Meeting, number: int) -> MinutesVoice:
    """As get_voice, locked until the unit of work ends."""
    return _one(session.scalar(_voice(meeting, number).with_for_update(of=MinutesVoice)))


def _voice(meeting: Meeting, number: int) -> Select[MinutesVoice]:
    query = select(MinutesVoice).where(MinutesVoice.meeting_id == meeting.id, MinutesVoice.number == number)
    return query.options(joinedload(MinutesVoice.minutes), joinedload(MinutesVoice.organisation))


def _one(found: MinutesVoice | None) -> MinutesVoice:
    if found is None:
        raise NotFound
    return found


def desk_of(session: Session, meeting: Meeting) -> MinutesDesk | None:
    """What the staff has written and not published."""
    return session.get(MinutesDesk, meeting.id)


def stamp_of(session: Session, meeting: Meeting) -> str:
    """Changes whenever somebody saves or publishes minutes of this meeting: what is written is written on that text."""
    published, desk = standing(session, meeting), desk_of(session, meeting)
    saved = f"{desk.saved_at:%Y%m%d%H%M%S%f}" if desk is not None else ""
    return f"{published.number if published is not None else 0}.{saved}"


def has_spoken(session: Session, minutes: Minutes | None, account_id: int | None) -> bool:
    if minutes is None or account_id is None:
        return False
    mine = (MinutesVoice.minutes_id == minutes.id, MinutesVoice.account_id == account_id)
    return session.scalar(select(MinutesVoice.id).where(*mine)) is not None


def count_unanswered(session: Session, meeting: Meeting) -> int:
    open_ones = (
        MinutesVoice.meeting_id == meeting.id,
        MinutesVoice.kind == VoiceKind.OBJECTION,
        MinutesVoice.answered_at.is_(None),
    )
    return session.scalar(select(func.count()).where(*open_ones)) or 0


def voices_of(session: Session, account: Account) -> list[MinutesVoice]:
    """Of an account, with meetings, oldest first."""
    query = select(MinutesVoice).where(MinutesVoice.account_id == account.id).order_by(MinutesVoice.id)
    options = (
        joinedload(MinutesVoice.meeting).joinedload(Meeting.process),
        joinedload(MinutesVoice.minutes),
        joinedload(MinutesVoice.organisation),
    )
    return list(session.scalars(query.options(*options)))


def logged_authors(session: Session, refs: list[str]) -> list[int]:
    """Indexes of the entries in which these voices show a name."""
    subjects = select(LogOpening.position).where(LogOpening.subject.in_(refs)).order_by(LogOpening.position)
    return list(session.scalars(subjects))


def proposals_by_number(session: Session, process: Process, numbers: list[int]) -> dict[int, Proposal]:
    """Public proposals of the process by the number on the list."""
    public = (ProposalState.SUBMITTED, ProposalState.ANSWERED)
    query = select(Proposal).where(Proposal.process_id == process.id, Proposal.number.in_(numbers))
    found = session.scalars(query.where(Proposal.status.in_(public), Proposal.standing == Standing.SHOWN))
    return {proposal.number: proposal for proposal in found if proposal.number is not None}


@dataclass(frozen=True, slots=True)
class Named:
    """What decisions refer to, by its ref in the log: what it is called and where it is (public id).

    ``title``: empty for a proposal that moderation withholds.
    """

    title: str
    public_id: str
    number: int | None = None


def named_in(session: Session, minutes: list[Minutes]) -> dict[str, Named]:
    """Everything that the decisions of these versions refer to."""
    return named_in_rows(session, [decision for each in minutes for decision in each.decisions])


def named_in_rows(session: Session, decisions: list[dict[str, Any]]) -> dict[str, Named]:
    refs = {ref for decision in decisions for ref in (*decision["proposals"], *decision["organisations"])}
    ids = {
        kind: [ref.partition("/")[2] for ref in refs if ref.startswith(kind)] for kind in ("proposal", "organisation")
    }
    found: dict[str, Named] = {}
    if ids["proposal"]:
        for proposal in session.scalars(select(Proposal).where(Proposal.public_id.in_(ids["proposal"]))):
            title = "" if proposal.is_concealed else proposal.title
            found[proposal.ref] = Named(title, proposal.public_id, proposal.number)
    if ids["organisation"]:
        for each in session.scalars(select(Organisation).where(Organisation.public_id.in_(ids["organisation"]))):
            found[each.ref] = Named(each.name, each.public_id)
    return found


def live_minutes(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    query = select(Minutes).options(joinedload(Minutes.meeting)).execution_options(yield_per=200)
    for minutes in session.scalars(query):
        yield minutes.ref(minutes.meeting), minutes.public_payload()


def live_voices(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    options = (
        joinedload(MinutesVoice.meeting),
        joinedload(MinutesVoice.minutes),
        joinedload(MinutesVoice.organisation),
    )
    for voice in session.scalars(select(MinutesVoice).options(*options).execution_options(yield_per=200)):
        yield voice.ref(voice.meeting), voice.public_payload()


# --- in the room ----------------------------------------------------------------------------------------------------


def shows(session: Session, meeting: Meeting) -> list[ShowOfHands]:
    """Newest first."""
    query = select(ShowOfHands).where(ShowOfHands.meeting_id == meeting.id).order_by(ShowOfHands.number.desc())
    return list(session.scalars(query))


def show_to_change(session: Session, meeting: Meeting, number: int) -> ShowOfHands:
    query = select(ShowOfHands).where(ShowOfHands.meeting_id == meeting.id, ShowOfHands.number == number)
    found = session.scalar(query.with_for_update())
    if found is None:
        raise NotFound
    return found


def open_show(session: Session, meeting: Meeting) -> ShowOfHands | None:
    query = select(ShowOfHands).where(ShowOfHands.meeting_id == meeting.id, ShowOfHands.closed_at.is_(None))
    found: ShowOfHands | None = session.scalar(query.order_by(ShowOfHands.number.desc()).limit(1))
    return found


def hands_by_phone(session: Session, show: ShowOfHands) -> list[int]:
    """How many raised a hand for each option by telephone; of a closed question what was counted then."""
    if not show.is_open:
        return list(show.by_phone)
    counts = select(Hand.option, func.count()).where(Hand.show_id == show.id).group_by(Hand.option)
    found = {row[0]: row[1] for row in session.execute(counts)}
    return [found.get(place, 0) for place in range(len(show.options))]


def turns(session: Session, meeting: Meeting) -> list[SpeakingTurn]:
    query = select(SpeakingTurn).where(SpeakingTurn.meeting_id == meeting.id).order_by(SpeakingTurn.id)
    return list(session.scalars(query))


def running_turn(session: Session, meeting: Meeting) -> SpeakingTurn | None:
    query = select(SpeakingTurn).where(SpeakingTurn.meeting_id == meeting.id, SpeakingTurn.ended_at.is_(None))
    found: SpeakingTurn | None = session.scalar(query.order_by(SpeakingTurn.id.desc()).limit(1).with_for_update())
    return found


def speaking_seconds(found: list[SpeakingTurn], now: datetime) -> dict[str, dict[str, int]]:
    """``sector:…`` and ``sex:…`` → ``turns`` and ``seconds``."""
    sums: dict[str, dict[str, int]] = {}
    for turn in found:
        seconds = round(((turn.ended_at or now) - turn.began_at).total_seconds())
        groups = [f"sector:{turn.sector.value if turn.sector else 'not_stated'}"]
        groups.append(f"sex:{turn.sex.value if turn.sex else 'not_stated'}")
        for group in groups:
            line = sums.setdefault(group, {"turns": 0, "seconds": 0})
            line["turns"] += 1
            line["seconds"] += seconds
    return sums
