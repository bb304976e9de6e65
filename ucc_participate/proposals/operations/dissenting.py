"""Filing minority statements, marking them as withdrawn, concealing what a moderator hides."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.events import LogEvent
from ...audit.log import record, settle
from ...audit.operations import withhold_fields
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.text import clean_text
from ...moderation.models import Standing
from ...moderation.screening import screen
from ...processes.participation import join
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisation
from .. import policies, queries
from ..disputed import Disputed
from ..events import DissentEvent
from ..models import DISSENT_LENGTH, Dissent
from .keeping import ERASURE_REASON

KIND = "dissent"


def file_dissent(
    session: Session,
    disputed: Disputed,
    *,
    text: str,
    language: str,
    organisation: str | None,
    shows_name: bool,
    actor: Actor,
    now: datetime,
    network: str | None = None,
) -> Dissent:
    """Keep a minority statement, unchanged from now on; one of each person or organisation on one thing.

    ``disputed.process`` must be locked. ``organisation``: a public id, None for oneself. The same statement a second
    time, as from a second press of the button, is only returned. Raises Conflict for another one, Invalid for a text
    that is too short or too long, Blocked and TooMany. ``network``: sketch of the sender's; without one nobody typed it
    into a form of ours. What screening holds waits for a moderator, unread by others.
    """
    process = disputed.process
    days = queries.answering_rules(session, process).dissent_days
    has_part = queries.takes_part(session, process, actor)
    require(policies.can_dissent(actor, disputed, days=days, takes_part=has_part, now=now))
    speaks_for = _organisation(session, organisation, actor)
    said = _checked(text)
    owner = {"account_id": actor.account_id, "organisation_id": speaks_for.id if speaks_for else None}
    known = queries.standing_dissent(session, disputed.ref, process, **owner)
    if known is not None:
        return _known(known, said)
    dissent = Dissent(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        subject=disputed.ref,
        about=disputed.about,
        author_id=actor.account_id,
        organisation_id=speaks_for.id if speaks_for else None,
        organisation=speaks_for,
        author_name=_name(session, speaks_for, actor, shows_name),
        sector=speaks_for.sector if speaks_for else None,
        text=said,
        language=language,
        filed_at=now,
    )
    dissent.standing = screen(
        session,
        process,
        actor=actor,
        text=said,
        kind=KIND,
        ref=dissent.ref,
        place=disputed.ref,
        network=network,
        is_typed=network is not None,
        now=now,
    )
    session.add(dissent)
    if actor.account_id is not None:
        join(session, process, actor.account_id, actor=actor, now=now)
    _record(session, DissentEvent.FILED, dissent, actor=actor, now=now, role=_role(dissent))
    return dissent


def withdraw_dissent(session: Session, dissent: Dissent, *, actor: Actor, now: datetime) -> None:
    """Mark it as withdrawn; the text stays, on the page and in the log."""
    require(policies.can_mark_withdrawn(actor, dissent, now=now))
    dissent.withdrawn_at = now
    _record(session, DissentEvent.WITHDRAWN, dissent, actor=actor, now=now, role=_role(dissent))


def conceal_dissent(session: Session, ref: str, standing: Standing, *, actor: Actor, now: datetime) -> None:
    """What moderation decided on an unlawful text (moderation.kinds.Conceal)."""
    dissent = queries.dissent_to_change(session, ref)
    if dissent is None:
        raise NotFound()
    dissent.standing = standing
    event = DissentEvent.SHOWN if standing is Standing.SHOWN else DissentEvent.HIDDEN
    _record(session, event, dissent, actor=actor, now=now)


def forget_dissents(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Erase a person: statements stay without the name, which the log withholds. Part of the erasing operation."""
    own = [each for each in queries.dissents_of(session, account) if each.organisation_id is None]
    settle(session)
    fields: dict[str, list[tuple[int, str]]] = {}
    for position, process, _subject in queries.logged_names(session, own):
        fields.setdefault(process, []).append((position, "author"))
    for process, named in fields.items():
        withhold_fields(
            session,
            named,
            actor=actor,
            now=now,
            event=LogEvent.ERASURE_EXECUTED,
            subject=process,
            process=process,
            reason=ERASURE_REASON,
        )
    for dissent in own:
        dissent.author_name = None


def _known(known: Dissent, said: str) -> Dissent:
    if known.text != said:
        text = _l("You have filed a statement on this already. Mark it as withdrawn to file another.")
        raise Conflict(text)
    return known


def _checked(text: str) -> str:
    least, most = DISSENT_LENGTH
    said = clean_text(text, max_length=most)
    if len(said) < least:
        raise Invalid(_l("Say in at least %(least)s characters why.", least=lazy_number(least)), field="text")
    return said


def _organisation(session: Session, public_id: str | None, actor: Actor) -> Organisation | None:
    if public_id is None:
        return None
    if public_id not in actor.delegations:
        raise Conflict(_l("You are not a delegate of this organisation, or your mandate has ended."))
    return get_organisation(session, public_id)


def _name(session: Session, organisation: Organisation | None, actor: Actor, shows_name: bool) -> str | None:
    if organisation is not None:
        return organisation.name
    account = queries.get_account(session, actor)
    return account.display_name if account is not None and shows_name else None


def _role(dissent: Dissent) -> Role:
    return Role.DELEGATE if dissent.organisation_id is not None else Role.RESIDENT


def _record(
    session: Session, event: DissentEvent, dissent: Dissent, *, actor: Actor, now: datetime, role: Role | None = None
) -> None:
    record(
        session,
        event,
        actor=actor,
        subject=dissent.ref,
        process=dissent.process.ref,
        payload=dissent.public_payload(),
        now=now,
        role=role,
    )
