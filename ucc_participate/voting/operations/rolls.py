"""The roll: frozen when the vote opens, changed afterwards only in the open and with a reason."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...eligibility import queries as eligibility
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor
from ...vocabularies.uccn import Sector
from .. import policies, queries, sectors
from ..dropping import drop_draft
from ..events import RollEvent
from ..models import Franchise, RollEntry, Vote
from ..recording import record_in

SECTOR_FLOOR = sectors.FLOOR
ROWS = 5_000
_randomly = random.SystemRandom()
Owner = tuple[int, Sector | None, int, int]
"""Id of the account or organisation, sector, how many delegates must agree, weight."""


def freeze_roll(session: Session, vote: Vote, *, actor: Actor, now: datetime) -> int:
    """Number the voters from 1 in random order and tell of it; how many. No operation: part of opening."""
    owners, names = _owners(session, vote, now)
    if not owners:
        raise Conflict(_l("Nobody is on the roll yet: the vote cannot open."))
    sizes = Counter(sectors.counted_as(owner[1]) for owner in owners)
    groups = _sector_groups(vote, sizes)
    _randomly.shuffle(owners)
    for rows in _rows(vote, owners, groups):
        session.execute(insert(RollEntry), rows)
    payload = _told(vote, owners, sizes, groups) | _told_weights(owners, names)
    record_in(session, RollEvent.FROZEN, vote, actor=actor, now=now, payload=payload)
    return len(owners)


def _sector_groups(vote: Vote, sizes: Mapping[Sector, int]) -> dict[Sector, str]:
    """In which group the ballots of each sector are counted; none where sectors do not decide.

    Organisations vote on the record: their sectors stay apart, however small.
    """
    if not vote.decides_by_sector:
        return {}
    return sectors.grouped(sizes, floor=SECTOR_FLOOR if vote.franchise is Franchise.INDIVIDUAL else 0)


def _owners(session: Session, vote: Vote, now: datetime) -> tuple[list[Owner], dict[int, str]]:
    """Whoever may vote, and of organisations what the log calls them."""
    if vote.franchise is Franchise.INDIVIDUAL:
        voters = queries.eligible_accounts(session, vote.process, now=now)
        return [(person, Sector(sector) if sector else None, 1, 1) for person, sector in voters], {}
    found = queries.eligible_organisations(session, vote.process)
    weights = vote.weights or {}
    owners: list[Owner] = [
        (each.id, each.sector, each.ballot_confirmations, weights.get(each.ref, 1)) for each in found
    ]
    return owners, {each.id: each.ref for each in found}


def _rows(vote: Vote, owners: list[Owner], groups: Mapping[Sector, str]) -> Iterator[list[dict[str, Any]]]:
    """The roll in blocks: a roll of a million never lies in memory as rows."""
    of_people = vote.franchise is Franchise.INDIVIDUAL
    for start in range(0, len(owners), ROWS):
        yield [
            {
                "vote_id": vote.id,
                "slot": slot,
                "account_id": owner if of_people else None,
                "organisation_id": None if of_people else owner,
                "sector": sector,
                "sector_group": groups.get(sectors.counted_as(sector)),
                "confirmations": confirmations,
                "weight": weight,
                "has_voted": False,
                "has_lapsed": False,
            }
            for slot, (owner, sector, confirmations, weight) in enumerate(owners[start : start + ROWS], start + 1)
        ]


def _told(vote: Vote, owners: list[Owner], sizes: Mapping[Sector, int], groups: Mapping[Sector, str]) -> dict[str, Any]:
    """Voters by sector or, where sectors decide, by what they are counted in; of people only groups to hide in."""
    counts = Counter(owner[1].value for owner in owners if owner[1] is not None)
    if groups:
        joined = Counter[str]()
        for sector, number in sizes.items():
            joined[groups[sector]] += number
        told = {sector.value: group for sector, group in sorted(groups.items())}
        return {"slots": len(owners), "by_sector": dict(sorted(joined.items())), "sector_groups": told}
    of_people = vote.franchise is Franchise.INDIVIDUAL
    by_sector = _large_enough(counts, len(owners)) if of_people else dict(sorted(counts.items()))
    return {"slots": len(owners), "by_sector": by_sector}


def _told_weights(owners: list[Owner], names: Mapping[int, str]) -> dict[str, Any]:
    weights = {names[owner]: weight for owner, _sector, _confirmations, weight in owners if weight != 1}
    return {"weights": dict(sorted(weights.items()))} if weights else {}


def _large_enough(counts: Mapping[str, int], slots: int) -> dict[str, int]:
    """The groups of SECTOR_FLOOR voters or more; the smallest of them is left out too where the rest of the slots
    would give a smaller group away."""
    shown = {sector: number for sector, number in sorted(counts.items()) if number >= SECTOR_FLOOR}
    while shown and 0 < slots - sum(shown.values()) < SECTOR_FLOOR:
        del shown[min(shown, key=lambda sector: shown[sector])]
    return shown


def extend_roll(session: Session, vote: Vote, account: Account, *, actor: Actor, now: datetime, reason: str) -> None:
    """Add a person to a frozen roll; the reason is public. Whoever was taken off gets a new slot."""
    require(policies.can_change_roll(actor, vote, now=now))
    if queries.roll_entry_of(session, vote, account_id=account.id) is not None:
        raise Invalid(_l("This person is on the roll already, or was taken off it."), field="email")
    if not eligibility.standing_of(session, vote.process, account.id, now=now).may_vote:
        unproved = _l("This person has not proved yet that they may vote. Check it at the counter first.")
        raise Invalid(unproved, field="email")
    sector = queries.sector_of(session, account.id)
    slot = queries.last_slot(session, vote) + 1
    group = queries.group_of_sector(session, vote, sectors.counted_as(sector)) if vote.decides_by_sector else None
    session.add(RollEntry(vote_id=vote.id, slot=slot, account_id=account.id, sector=sector, sector_group=group))
    payload = {"slots": slot, "by_sector": {}, "reason": reason}
    record_in(session, RollEvent.EXTENDED, vote, actor=actor, now=now, payload=payload)


def reduce_roll(session: Session, vote: Vote, account: Account, *, actor: Actor, now: datetime, reason: str) -> bool:
    """Take a person off the roll who may not vote any more; the reason is public, the name is not.

    Whether a ballot of theirs was cast before: it stays and counts, for to find it somebody would have to look at who
    cast what. Nothing can be cast or replaced from now on, and the slot is never given to anybody else.
    """
    require(policies.can_change_roll(actor, vote, now=now))
    entry = queries.roll_entry_to_use(session, vote, account_id=account.id)
    if entry is None:
        raise Invalid(_l("This person is not on the roll."), field="email")
    if account.is_active and eligibility.standing_of(session, vote.process, account.id, now=now).may_vote:
        still = _l("This person may still vote. Only whoever lost that is taken off the roll.")
        raise Invalid(still, field="email")
    entry.struck_at = now
    drop_draft(session, entry, account.id)
    payload = {"slots": queries.last_slot(session, vote), "by_sector": {}, "slot": entry.slot, "reason": reason}
    record_in(session, RollEvent.REDUCED, vote, actor=actor, now=now, payload=payload)
    return entry.has_voted
