"""Newsletters: the letters, whom they are for, whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from ...accounts.models import ERASED_DOMAIN, Account
from ...kernel.codes import Digests
from ...kernel.errors import NotFound
from ...processes.models import Invitation, InvitationState, Participation, Process
from ...stakeholders.models import Organisation
from ..digests import address_digest
from ..models import (
    Following,
    InvitationCode,
    NewsKind,
    Newsletter,
    NewsletterRecipient,
    NewsletterState,
    RecipientState,
    ReminderWish,
)
from ..segments import Group, NotYet, Segment, SegmentKind
from .codes import stopped_among

PAGE = 50


@dataclass(frozen=True, slots=True)
class Beyond:
    """What higher domains know: stage → a select of the ids of accounts, or organisations, that have reached it."""

    accounts: Mapping[str, Callable[[Process], Select[Any]]]
    organisations: Mapping[str, Callable[[Process], Select[Any]]]

    def known(self, segment: Segment) -> set[str]:
        """What can be asked of those in the segment."""
        return set(self.accounts if segment.is_of_people else self.organisations) | {NotYet.ANSWERED.value}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a newsletter has come."""

    waiting: int = 0
    queued: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody whose turn it is: to which address, in which language; ``is_refused``: it wants no newsletters.

    ``key``: digest of the address, None without one. ``wish`` and ``account`` are of people.
    """

    recipient: NewsletterRecipient
    address: str | None
    key: str | None
    locale: str | None
    is_refused: bool
    account: Account | None = None
    wish: ReminderWish | None = None


def list_newsletters(session: Session, process: Process, *, after: str | None = None) -> list[Newsletter]:
    """Newest first, one more than PAGE when there are further ones."""
    query = select(Newsletter).where(Newsletter.process_id == process.id)
    if after is not None:
        last = select(Newsletter.id).where(Newsletter.public_id == after).scalar_subquery()
        query = query.where(Newsletter.id < last)
    return list(session.scalars(query.order_by(Newsletter.id.desc()).limit(PAGE + 1)))


def sent_newsletters(session: Session, process: Process, *, limit: int) -> list[Newsletter]:
    """Those that everybody can read, newest first."""
    query = select(Newsletter).where(Newsletter.process_id == process.id, Newsletter.sent_at.is_not(None))
    return list(session.scalars(query.order_by(Newsletter.sent_at.desc(), Newsletter.id.desc()).limit(limit)))


def get_newsletter(session: Session, process: Process, public_id: str) -> Newsletter:
    """Raises NotFound."""
    return _one(session, select(Newsletter), process, public_id)


def newsletter_to_change(session: Session, process: Process, public_id: str) -> Newsletter:
    """As get_newsletter, locked until the unit of work ends."""
    return _one(session, select(Newsletter).with_for_update(), process, public_id)


def _one(session: Session, query: Select[Newsletter], process: Process, public_id: str) -> Newsletter:
    here = query.where(Newsletter.public_id == public_id, Newsletter.process_id == process.id)
    found = session.scalar(here)
    if found is None:
        raise NotFound()
    return found


def live_newsletters(session: Session) -> Iterator[tuple[str, Newsletter, Process]]:
    """Every newsletter that was sent, with the name under which the log knows it."""
    query = select(Newsletter).where(Newsletter.sent_at.is_not(None)).options(joinedload(Newsletter.process))
    for letter in session.scalars(query):
        yield letter.ref(letter.process), letter, letter.process


def sending_newsletters(session: Session) -> list[int]:
    """Keys of those that are being sent, the oldest first."""
    return list(
        session.scalars(
            select(Newsletter.id)
            .where(Newsletter.status == NewsletterState.SENDING)
            .order_by(Newsletter.sent_at, Newsletter.id)
        )
    )


def newsletter_in_turn(session: Session, key: int) -> Newsletter:
    """With its process, locked: portions of one newsletter are made one after the other."""
    query = select(Newsletter).where(Newsletter.id == key).options(joinedload(Newsletter.process))
    return session.scalars(query.with_for_update(of=Newsletter)).one()


def addressees(process: Process, segment: Segment, beyond: Beyond) -> Select[Any]:
    """A select of the ids of the accounts, or of the organisations, of a segment."""
    return _accounts(process, segment, beyond) if segment.is_of_people else _organisations(process, segment, beyond)


def count_addressees(session: Session, process: Process, segment: Segment, beyond: Beyond) -> int:
    found = addressees(process, segment, beyond).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _accounts(process: Process, segment: Segment, beyond: Beyond) -> Select[Any]:
    """Who follows something of the process, or took part and said that newsletters are welcome; not who stopped."""
    follows = exists().where(Following.account_id == Account.id, Following.process_id == process.id)
    mine = ReminderWish.account_id == Account.id
    wanted = cast(ReminderWish.kinds, Text).contains(f'"{NewsKind.NEWSLETTER.value}"')
    refused = exists().where(mine, or_(ReminderWish.stopped_at.is_not(None), ~wanted))
    query = select(Account.id).where(Account.is_active, ~Account.email.endswith(".invalid"), ~refused)
    if segment.kind is SegmentKind.FOLLOWERS:
        query = query.where(follows)
    else:
        took_part = select(Participation.account_id).where(Participation.process_id == process.id)
        query = query.where(Account.id.in_(took_part), or_(follows, exists().where(mine, wanted)))
    if segment.not_yet is not None and (reached := beyond.accounts.get(segment.not_yet.value)) is not None:
        query = query.where(Account.id.not_in(_without_nobody(reached(process))))
    return query


def _without_nobody(ids: Select[Any]) -> Select[Any]:
    """NOT IN is never true beside a NULL."""
    found = ids.subquery()
    return select(found.c[0]).where(found.c[0].is_not(None))


def _organisations(process: Process, segment: Segment, beyond: Beyond) -> Select[Any]:
    """Living entries of the register with an address; those that declined the invitation are left in peace."""
    query = select(Organisation.id).where(
        Organisation.merged_into_id.is_(None),
        Organisation.contact_email.is_not(None),
        Organisation.contact_email != "",
        ~_invited(process, Invitation.status == InvitationState.DECLINED),
    )
    if segment.kind is SegmentKind.INVITED:
        query = query.where(_invited(process))
    if segment.sector is not None:
        query = query.where(Organisation.sector == segment.sector)
    if segment.group is not None:
        column = Organisation.is_womens_group if segment.group is Group.WOMEN else Organisation.is_youth_group
        query = query.where(column)
    if segment.not_yet is NotYet.ANSWERED:
        query = query.where(~_invited(process, Invitation.status != InvitationState.INVITED))
    elif segment.not_yet is not None and (reached := beyond.organisations.get(segment.not_yet.value)) is not None:
        done = _without_nobody(reached(process))
        merged = aliased(Organisation)
        through = select(merged.merged_into_id).where(merged.id.in_(done), merged.merged_into_id.is_not(None))
        query = query.where(Organisation.id.not_in(done), Organisation.id.not_in(through))
    return query


def _invited(process: Process, *more: ColumnElement[bool]) -> Any:
    return exists().where(Invitation.organisation_id == Organisation.id, Invitation.process_id == process.id, *more)


def progress(session: Session, letter: Newsletter) -> Progress:
    query = select(NewsletterRecipient.state, func.count()).where(NewsletterRecipient.newsletter_id == letter.id)
    counts = {row[0].value: row[1] for row in session.execute(query.group_by(NewsletterRecipient.state))}
    return Progress(**counts)


def next_turns(session: Session, letter: Newsletter, *, digests: Digests, limit: int) -> list[Turn]:
    """The next portion of those who wait, with what decides on their mail; six queries whatever its size."""
    query = select(NewsletterRecipient).where(
        NewsletterRecipient.newsletter_id == letter.id, NewsletterRecipient.state == RecipientState.WAITING
    )
    waiting = list(session.scalars(query.order_by(NewsletterRecipient.id).limit(limit)))
    return _people(session, waiting, digests) + _contacts(session, waiting, digests)


def _people(session: Session, waiting: Sequence[NewsletterRecipient], digests: Digests) -> list[Turn]:
    mine = {each.account_id: each for each in waiting if each.account_id is not None}
    if not mine:
        return []
    query: Any = select(Account, ReminderWish).outerjoin(ReminderWish, ReminderWish.account_id == Account.id)
    turns = []
    for account, wish in session.execute(query.where(Account.id.in_(mine)).order_by(Account.id)):
        is_gone = not account.is_active or account.email.endswith(f"@{ERASED_DOMAIN}")
        refused = is_gone or (wish is not None and not wish.wants(NewsKind.NEWSLETTER))
        key = address_digest(digests, account.email)
        turns.append(Turn(mine[account.id], account.email, key, account.locale, refused, account, wish))
    return turns


def _contacts(session: Session, waiting: Sequence[NewsletterRecipient], digests: Digests) -> list[Turn]:
    mine = {each.organisation_id: each for each in waiting if each.organisation_id is not None}
    if not mine:
        return []
    found = list(session.scalars(select(Organisation).where(Organisation.id.in_(mine)).order_by(Organisation.id)))
    addresses = {each.id: (each.contact_email or "").strip() for each in found}
    keys = {at: address_digest(digests, address) for at, address in addresses.items()}
    stopped = stopped_among(session, list(keys.values()))
    refusing = _refusing(session, addresses.values())
    locales = _languages(session, mine)
    turns = []
    for each in found:
        address = addresses[each.id]
        is_refused = not address or each.is_merged or keys[each.id] in stopped or address.lower() in refusing
        turns.append(Turn(mine[each.id], address or None, keys[each.id], locales.get(each.id), is_refused))
    return turns


def _refusing(session: Session, addresses: Iterable[str]) -> set[str]:
    """Addresses at which a person with an account wants no newsletters: a contact of an organisation is one, too."""
    query = select(Account.email, ReminderWish).join(ReminderWish, ReminderWish.account_id == Account.id)
    rows = session.execute(query.where(Account.email.in_({address.lower() for address in addresses})))
    return {row[0].lower() for row in rows if not row[1].wants(NewsKind.NEWSLETTER)}


def _languages(session: Session, organisations: Iterable[Any]) -> dict[int, str]:
    """Organisation → the language in which it was last written to."""
    query = select(Invitation.organisation_id, InvitationCode.locale).join(
        InvitationCode, InvitationCode.invitation_id == Invitation.id
    )
    rows = session.execute(
        query.where(Invitation.organisation_id.in_(list(organisations))).order_by(InvitationCode.batch_id)
    )
    return {row[0]: row[1] for row in rows}


def written_to(session: Session, letter: Newsletter, keys: Iterable[str]) -> set[str]:
    """Those of the addresses (digests) to which this newsletter went already."""
    query = select(NewsletterRecipient.address).where(NewsletterRecipient.newsletter_id == letter.id)
    return {key for key in session.scalars(query.where(NewsletterRecipient.address.in_(list(keys)))) if key is not None}
