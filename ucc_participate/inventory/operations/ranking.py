"""Choosing the needs that matter most, and telling the log how many chose which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...accounts.models import Profile
from ...audit.log import pseudonym, record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, Role
from ...processes.models import Process
from ...processes.participation import join
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisation
from ...vocabularies.uccn import Sector
from .. import policies, queries, ranking
from ..events import RankingEvent
from ..models import MOST_CHOSEN, NeedChoice, NeedRanking


def choose_needs(
    session: Session,
    process: Process,
    needs: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    organisation: str | None = None,
) -> None:
    """Name up to MOST_CHOSEN needs (public ids) as those that matter most; none: take it back. Raises Invalid.

    For oneself or for an organisation (public id). The log learns that somebody chose, never what. ``process`` is
    locked, so that two presses of a button are one choice.
    """
    require(policies.can_rank(actor, process, now=now, organisation=organisation))
    wanted = _checked(session, process, needs)
    whose = get_organisation(session, organisation) if organisation is not None else None
    known = queries.choice_to_change(session, process, account_id=actor.account_id, organisation=whose)
    if wanted == (known.needs if known is not None else ()):
        return
    choice = known or _new(session, process, actor, whose)
    choice.needs, choice.account_id = wanted, actor.account_id
    choice.is_untold = choice.is_untold_by_sector = True
    session.add(choice)
    if actor.account_id is not None:
        join(session, process, actor.account_id, actor=actor, now=now)
    _note_choice(session, process, whose, actor=actor, now=now)


def tell_ranking(session: Session, process: Process, *, floor: int, actor: Actor, now: datetime) -> bool:
    """Publish the count when enough is new, see ``ranking``; whether it was. ``process`` is locked."""
    rows = queries.choices_to_count(session, process)
    choices = [queries.chosen_by(row) for row in rows]
    if not ranking.may_tell(choices, floor):
        return False
    needs = [item.public_id for item in queries.listed_needs(session, process)]
    told = session.get(NeedRanking, process.id) or NeedRanking(process_id=process.id)
    told.state, told.told_at = ranking.count(choices, needs, floor=floor), now
    session.add(told)
    for row in rows:
        row.is_untold = False
        row.is_untold_by_sector = row.is_untold_by_sector and told.state["sectors"] is None
    facts: dict[str, Any] = {"subject": f"need_ranking/{process.public_id}", "process": process.ref}
    record(session, RankingEvent.TOLD, actor=actor, now=now, payload=told.state, **facts)
    return True


def _checked(session: Session, process: Process, needs: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(sorted(set(needs)))
    if len(wanted) > MOST_CHOSEN:
        most = lazy_number(MOST_CHOSEN)
        raise Invalid(_l("Choose at most %(most)s, those that matter most.", most=most), field="needs")
    if not set(wanted) <= {item.public_id for item in queries.listed_needs(session, process)}:
        raise Invalid(_l("One of these needs is not on the list any more. Look at the list again."), field="needs")
    return wanted


def _new(session: Session, process: Process, actor: Actor, whose: Organisation | None) -> NeedChoice:
    if whose is not None:
        return NeedChoice(process_id=process.id, organisation_id=whose.id, sector=whose.sector)
    profile = session.get(Profile, actor.account_id) if actor.account_id is not None else None
    sector: Sector | None = profile.sector if profile is not None else None
    return NeedChoice(process_id=process.id, sector=sector)


def _note_choice(
    session: Session, process: Process, whose: Organisation | None, *, actor: Actor, now: datetime
) -> None:
    """That somebody chose: no need, no organisation, nothing to join people by."""
    session.flush()
    subject = f"{process.ref}/participant/{pseudonym(session.connection(), actor, process.ref)}"
    facts: dict[str, Any] = {"subject": subject, "process": process.ref, "schema": "ucc.need_choice/1"}
    role = Role.RESIDENT if whose is None else Role.DELEGATE
    record(session, RankingEvent.CHOSEN, actor=actor, now=now, role=role, **facts)
