"""Inviting organisations with a personal code each, reminding them, noting what they said and that they came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from ...audit.log import record
from ...kernel.codes import Digests, new_code
from ...kernel.decision import Denied, require
from ...kernel.errors import Conflict, Invalid
from ...kernel.i18n import DEFAULT_LOCALE, dates, in_language
from ...kernel.identity import Actor, new_public_id
from ...notifications.operations import queue_mail
from ...processes import invitations
from ...processes.events import StakeholderEvent
from ...processes.models import Channel, Invitation, InvitationState, Process, WayIn
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..digests import address_digest, code_digest
from ..events import CodeEvent
from ..models import InvitationBatch, InvitationCode, NoteKind
from ..notes import write_note

_BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class Addresses:
    """Public addresses that mails lead to: ``invitation(code)``, and ``stop(digest of an address)``."""

    invitation: Callable[[str], str]
    stop: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How organisations are invited, until when their codes are good, and after how many silent days to remind them.

    ``locale``: the language of letters and mails; ``locales``: of single organisations, by public id.
    """

    channel: Channel
    expires_on: date
    locale: str
    locales: Mapping[str, str]
    remind_after_days: int | None = None

    def locale_of(self, organisation: Organisation) -> str:
        return self.locales.get(organisation.public_id, self.locale)


@dataclass(frozen=True, slots=True)
class Slip:
    """One code as it is handed out: for whom, in which language. It can be read from nowhere afterwards."""

    organisation_ref: str
    name: str
    contact: str
    locale: str
    code: str


@dataclass(frozen=True, slots=True)
class Issued:
    batch: InvitationBatch
    slips: list[Slip]


def invite(
    session: Session,
    process: Process,
    organisations: Sequence[Organisation],
    terms: Terms,
    *,
    today: date,
    digests: Digests,
    addresses: Addresses,
    not_before: datetime,
    actor: Actor,
    now: datetime,
) -> Issued:
    """Invite those who were not invited yet, each with a personal code, which is returned here, once.

    By e-mail the code goes to the address in the register at ``not_before``.
    Raises Invalid (``organisations``, ``expires_on``).
    """
    require(policies.can_invite(actor, process, now=now))
    mailing = policies.can_mail(actor, process, now=now)
    if terms.channel is Channel.EMAIL and isinstance(mailing, Denied):
        raise Invalid(mailing.reason, field="channel")
    _require_sense(organisations, terms, today)
    by: dict[str, Any] = {"channel": terms.channel, "actor": actor, "now": now}
    new = queries.uninvited(session, process, [organisation.public_id for organisation in organisations])
    if not new:
        raise Invalid(_l("All of them have been invited already."), field="organisations")
    invited = [(invitations.invite(session, process, organisation, **by), organisation) for organisation in new]
    issued = _issue(session, process, invited, terms, digests=digests, actor=actor, now=now)
    if terms.channel is Channel.EMAIL:
        _mail(session, process, invited, issued, "invitation", digests, addresses, now=now, not_before=not_before)
    return issued


def reissue_codes(
    session: Session,
    process: Process,
    invited: Sequence[tuple[Invitation, Organisation]],
    terms: Terms,
    *,
    today: date,
    digests: Digests,
    actor: Actor,
    now: datetime,
) -> Issued:
    """New codes in place of all older ones of these invitations: letters were lost, or fell into wrong hands."""
    require(policies.can_invite(actor, process, now=now))
    _require_sense(invited, terms, today)
    session.flush()
    of_them = InvitationCode.invitation_id.in_([invitation.id for invitation, _organisation in invited])
    old = update(InvitationCode).where(of_them, InvitationCode.withdrawn_at.is_(None))
    session.execute(old.values(withdrawn_at=now).execution_options(synchronize_session=False))
    return _issue(session, process, invited, terms, digests=digests, actor=actor, now=now, replaces=True)


def withdraw_batch(session: Session, process: Process, batch: InvitationBatch, *, actor: Actor, now: datetime) -> None:
    """Its codes open nothing any more; what was answered stays."""
    require(policies.can_invite(actor, process, now=now))
    if batch.withdrawn_at is not None:
        raise Conflict(_l("These codes have been withdrawn already."))
    batch.withdrawn_at = now
    _record(session, CodeEvent.WITHDRAWN, process, {"batch": batch.public_id}, actor=actor, now=now)


def remind(
    session: Session,
    process: Process,
    invited: Sequence[tuple[Invitation, Organisation]],
    *,
    expires_on: date,
    digests: Digests,
    addresses: Addresses,
    not_before: datetime,
    actor: Actor,
    now: datetime,
) -> int:
    """Write to those who may be reminded now, each with a new code beside the old ones; how many these were."""
    require(policies.can_mail(actor, process, now=now))
    fates = queries.reminder_fates(session, process, invited, digests=digests, actor=actor, now=now)
    chosen = [pair for pair, fate in zip(invited, fates, strict=True) if fate]
    if not chosen:
        return 0
    locales = queries.languages_of(session, chosen)
    terms = Terms(channel=Channel.EMAIL, expires_on=expires_on, locale=DEFAULT_LOCALE, locales=locales)
    issued = _issue(session, process, chosen, terms, digests=digests, actor=actor, now=now)
    for invitation, organisation in chosen:
        invitation.reminders, invitation.reminded_at = invitation.reminders + 1, now
        event = StakeholderEvent.REMINDED
        invitations.note(session, event, invitation, process, organisation, actor=actor, now=now)
    _mail(session, process, chosen, issued, "invitation_reminder", digests, addresses, now=now, not_before=not_before)
    return len(chosen)


def note_attendance(
    session: Session,
    process: Process,
    invited: Sequence[tuple[Invitation, Organisation]],
    *,
    at: datetime,
    text: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Note that organisations came. ``at``: when; ``text``: what to, for the staff. Raises Invalid (``held_on``)."""
    require(policies.can_record(actor, process, now=now))
    if at > now:
        raise Invalid(_l("This day is still to come."), field="held_on")
    for invitation, organisation in invited:
        invitation.attended_at = at
        write_note(session, invitation, NoteKind.ATTENDANCE, text, actor=actor, now=now)
        event = StakeholderEvent.ATTENDED
        invitations.note(session, event, invitation, process, organisation, actor=actor, now=now)


def note_call(
    session: Session,
    process: Process,
    invited: Sequence[tuple[Invitation, Organisation]],
    *,
    answer: InvitationState,
    through: WayIn,
    text: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down what organisations said on the telephone, on paper or at the counter. Raises Invalid (``answer``)."""
    require(policies.can_record(actor, process, now=now))
    if answer is InvitationState.INVITED:
        raise Invalid(_l("Choose what the organisation said."), field="answer")
    for invitation, organisation in invited:
        how: dict[str, Any] = {"answer": answer, "through": through, "actor": actor, "now": now}
        write_note(session, invitation, NoteKind.CALL, text, actor=actor, now=now)
        invitations.take_answer(session, invitation, process, organisation, **how)


def _require_sense(chosen: Sequence[object], terms: Terms, today: date) -> None:
    if not 1 <= len(chosen) <= policies.MOST_AT_ONCE:
        raise Invalid(
            _l("Choose between 1 and %(most)s organisations.", most=policies.MOST_AT_ONCE), field="organisations"
        )
    if terms.expires_on < today:
        raise Invalid(_l("The codes would have expired already."), field="expires_on")


def _issue(
    session: Session,
    process: Process,
    invited: Sequence[tuple[Invitation, Organisation]],
    terms: Terms,
    *,
    digests: Digests,
    actor: Actor,
    now: datetime,
    replaces: bool = False,
) -> Issued:
    batch = InvitationBatch(
        public_id=new_public_id(),
        process_id=process.id,
        channel=terms.channel,
        size=len(invited),
        expires_on=terms.expires_on,
        remind_after_days=terms.remind_after_days,
        issued_at=now,
    )
    session.add(batch)
    session.flush()
    slips = [
        Slip(each.ref, each.name, each.contact_name or "", terms.locale_of(each), new_code())
        for _invitation, each in invited
    ]
    rows = [
        {
            "code": code_digest(digests, slip.code),
            "batch_id": batch.id,
            "invitation_id": invitation.id,
            "locale": slip.locale,
        }
        for (invitation, _organisation), slip in zip(invited, slips, strict=True)
    ]
    for start in range(0, len(rows), _BLOCK):
        session.execute(insert(InvitationCode), rows[start : start + _BLOCK])
    payload: dict[str, Any] = {"batch": batch.public_id, "channel": terms.channel.value, "size": batch.size}
    payload |= {"expires_on": terms.expires_on.isoformat(), "replaces": replaces}
    _record(session, CodeEvent.ISSUED, process, payload, actor=actor, now=now)
    return Issued(batch, slips)


def _mail(
    session: Session,
    process: Process,
    invited: Sequence[tuple[Invitation, Organisation]],
    issued: Issued,
    template: str,
    digests: Digests,
    addresses: Addresses,
    *,
    now: datetime,
    not_before: datetime,
) -> None:
    for (_invitation, organisation), slip in zip(invited, issued.slips, strict=True):
        address = organisation.contact_email
        if not address:
            continue
        until = dates.day(issued.batch.expires_on, locale=slip.locale)
        data = {
            "organisation": organisation.name,
            "contact": slip.contact,
            "title": in_language(process.title, slip.locale).text,
            "purpose": in_language(process.purpose, slip.locale).text,
            "responsible": process.responsible or "",
            "address": addresses.invitation(slip.code),
            "until": until,
            "stop_link": addresses.stop(address_digest(digests, address)),
        }
        locale = slip.locale
        queue_mail(session, to=address, locale=locale, template=template, data=data, now=now, not_before=not_before)


def _record(
    session: Session, event: CodeEvent, process: Process, payload: dict[str, Any], *, actor: Actor, now: datetime
) -> None:
    record(session, event, actor=actor, subject=process.ref, process=process.ref, payload=payload, now=now)
