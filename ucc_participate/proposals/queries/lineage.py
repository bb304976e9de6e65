"""What came from what, to whom the credit belongs, and what waits for the authors' word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from ...accounts.models import Account
from ...kernel.errors import NotFound
from ...kernel.identity import Actor
from ...moderation.models import Standing
from ...processes.models import Process
from .. import policies
from ..models import (
    Proposal,
    ProposalLineage,
    ProposalState,
    Regrouping,
    RegroupingConsent,
    RegroupingSource,
    RegroupingState,
)
from .authors import author_ids
from .endorsing import supporters_to_tell

MOST_RELATED = 300
MOST_REGROUPINGS = 50


@dataclass(frozen=True, slots=True)
class Credit:
    """A proposal and who is to be named for it. ``is_erased``: its author's data was erased since."""

    proposal: Proposal
    is_erased: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """The nearest relatives of a proposal, by number, and the edges to them."""

    sources: list[Credit]
    results: list[Credit]
    edges: list[ProposalLineage]


@dataclass(frozen=True, slots=True)
class Family:
    """Everything that a proposal is related to. ``edges``: pairs of ids, source first."""

    members: list[Credit]
    edges: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A regrouping with all that its page shows. ``own``: the consent that is asked of the present actor, if any.

    ``is_withheld``: whether moderation withholds something that came of it, or that would go in.
    """

    regrouping: Regrouping
    sources: list[Credit]
    consents: list[RegroupingConsent]
    own: RegroupingConsent | None
    is_withheld: bool

    @property
    def agreed(self) -> int:
        return sum(consent.is_given is True for consent in self.consents)

    @property
    def declined(self) -> int:
        return sum(consent.is_given is False for consent in self.consents)

    @property
    def silent(self) -> int:
        return sum(consent.is_given is None for consent in self.consents)

    @property
    def has_all_consents(self) -> bool:
        """Where nobody can be asked, as for a plan taken over, nobody has agreed."""
        return bool(self.consents) and self.agreed == len(self.consents)


def is_related(proposal: Proposal) -> bool:
    """Whether there is any lineage to look for."""
    return proposal.origin is not None or proposal.is_carried_on


def lineage_of(session: Session, proposal: Proposal) -> Lineage:
    edges = select(ProposalLineage).where(
        (ProposalLineage.source_id == proposal.id) | (ProposalLineage.result_id == proposal.id)
    )
    found = list(session.scalars(edges))
    sources = [edge.source_id for edge in found if edge.result_id == proposal.id]
    results = [edge.result_id for edge in found if edge.source_id == proposal.id]
    near = {credit.proposal.id: credit for credit in _credits(session, [*sources, *results])}
    return Lineage(_by_number(near[known] for known in sources), _by_number(near[known] for known in results), found)


def family_of(session: Session, proposal: Proposal) -> Family:
    """Relatives of relatives too, up to MOST_RELATED."""
    known, edges, new = {proposal.id}, set(), {proposal.id}
    while new and len(known) < MOST_RELATED:
        rows = select(ProposalLineage.source_id, ProposalLineage.result_id).where(
            ProposalLineage.source_id.in_(new) | ProposalLineage.result_id.in_(new)
        )
        found = {(row.source_id, row.result_id) for row in session.execute(rows)}
        edges |= found
        new = {each for edge in found for each in edge} - known
        known |= new
    return Family(_by_number(_credits(session, known)), sorted(edges))


def ancestors_of(session: Session, ids: Collection[int]) -> set[int]:
    """Everything that these proposals came from, however far back; without themselves unless they are in a circle."""
    found: set[int] = set()
    new = set(ids)
    while new:
        rows = select(ProposalLineage.source_id).where(ProposalLineage.result_id.in_(new))
        new = set(session.scalars(rows)) - found
        found |= new
    return found


def sources_of(session: Session, proposal: Proposal) -> list[Proposal]:
    """Everything that it came from, however far back, with organisations; no query where there is nothing."""
    if proposal.origin is None:
        return []
    before = select(Proposal).where(Proposal.id.in_(ancestors_of(session, [proposal.id])))
    return list(session.scalars(before.options(joinedload(Proposal.organisation)).order_by(Proposal.id)))


def credited_ids(session: Session, proposal: Proposal) -> list[int]:
    """Accounts of whoever wrote it or any of what it came from, its own authors first; each once."""
    family = [proposal, *sources_of(session, proposal)]
    return list(dict.fromkeys(each for member in family for each in author_ids(session, member)))


def credited_accounts(session: Session, proposal: Proposal) -> list[Account]:
    """Whoever wrote it or any of what it came from, as far as they can be reached; each once."""
    return _accounts(session, credited_ids(session, proposal))


def accounts_to_tell(session: Session, proposal: Proposal) -> list[Account]:
    """Whom the city tells what becomes of a proposal: all its authors and whoever endorses it, each once.

    Whoever endorsed what went into a merge endorses what came of it (supporting.carry_over).
    """
    ids = {*credited_ids(session, proposal), *(each.id for each in supporters_to_tell(session, proposal))}
    return _accounts(session, ids)


def _accounts(session: Session, ids: Collection[int]) -> list[Account]:
    rows = select(Account).where(Account.id.in_(ids), Account.is_active).order_by(Account.id)
    return list(session.scalars(rows)) if ids else []


def with_numbers(session: Session, process: Process, numbers: Collection[int]) -> list[Proposal]:
    """Proposals of a process by number, with process, organisation and author, in that order."""
    return list(session.scalars(_with_numbers(process, numbers)))


def with_numbers_to_change(session: Session, process: Process, numbers: Collection[int]) -> list[Proposal]:
    """As with_numbers, locked until the unit of work ends."""
    return list(session.scalars(_with_numbers(process, numbers).with_for_update(of=Proposal)))


def _with_numbers(process: Process, numbers: Collection[int]) -> Select[Any]:
    return (
        select(Proposal)
        .where(Proposal.process_id == process.id, Proposal.number.in_(numbers))
        .options(joinedload(Proposal.process), joinedload(Proposal.organisation), joinedload(Proposal.author))
        .order_by(Proposal.number)
    )


def waiting_elsewhere(session: Session, ids: Collection[int], *, besides: Regrouping | None = None) -> set[int]:
    """Those proposals about whose regrouping authors have been asked and nothing is decided."""
    rows = (
        select(RegroupingSource.proposal_id)
        .join(Regrouping, Regrouping.id == RegroupingSource.regrouping_id)
        .where(RegroupingSource.proposal_id.in_(ids), Regrouping.status == RegroupingState.ASKED)
    )
    if besides is not None:
        rows = rows.where(Regrouping.id != besides.id)
    return set(session.scalars(rows))


def open_plans(session: Session, ids: Collection[int]) -> dict[int, Regrouping]:
    """By proposal: the plan about which its authors have been asked and nothing is decided."""
    rows = (
        select(RegroupingSource.proposal_id, Regrouping)
        .join(Regrouping, Regrouping.id == RegroupingSource.regrouping_id)
        .where(RegroupingSource.proposal_id.in_(ids), Regrouping.status == RegroupingState.ASKED)
    )
    return {row[0]: row[1] for row in session.execute(rows)}


def list_regroupings(session: Session, process: Process) -> list[Asked]:
    """The newest plans of a process, what waits first."""
    rows = select(Regrouping).where(Regrouping.process_id == process.id)
    waits = (Regrouping.status == RegroupingState.ASKED).desc()
    found = list(session.scalars(rows.order_by(waits, Regrouping.id.desc()).limit(MOST_REGROUPINGS)))
    return _asked(session, found, None)


def get_regrouping(session: Session, process: Process, public_id: str, *, actor: Actor) -> Asked:
    """Raises NotFound when it is not there, or is not public yet and no business of the actor."""
    return _one(session, process, public_id, actor, select(Regrouping))


def regrouping_to_change(session: Session, process: Process, public_id: str, *, actor: Actor) -> Asked:
    """As get_regrouping, locked until the unit of work ends."""
    return _one(session, process, public_id, actor, select(Regrouping).with_for_update(of=Regrouping))


def _one(session: Session, process: Process, public_id: str, actor: Actor, query: Select[Any]) -> Asked:
    rows = query.where(Regrouping.public_id == public_id, Regrouping.process_id == process.id)
    asked = next(iter(_asked(session, list(session.scalars(rows)), actor)), None)
    if asked is None or not policies.sees_regrouping(actor, asked.regrouping, is_asked=asked.own is not None):
        raise NotFound()
    return asked


def open_regrouping_of(session: Session, proposal: Proposal, actor: Actor) -> Regrouping | None:
    """The plan for a proposal about which this actor is asked."""
    if actor.account_id is None:
        return None
    rows = (
        select(Regrouping)
        .join(RegroupingSource, RegroupingSource.regrouping_id == Regrouping.id)
        .join(RegroupingConsent, RegroupingConsent.regrouping_id == Regrouping.id)
        .where(RegroupingSource.proposal_id == proposal.id, RegroupingConsent.account_id == actor.account_id)
        .where(Regrouping.status == RegroupingState.ASKED)
    )
    return session.scalars(rows.limit(1)).first()


def consents_of_account(session: Session, account: Account) -> list[tuple[RegroupingConsent, Regrouping, Process]]:
    rows = (
        select(RegroupingConsent, Regrouping, Process)
        .join(Regrouping, Regrouping.id == RegroupingConsent.regrouping_id)
        .join(Process, Process.id == Regrouping.process_id)
        .where(RegroupingConsent.account_id == account.id)
        .order_by(Regrouping.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(rows)]


def _asked(session: Session, regroupings: Sequence[Regrouping], actor: Actor | None) -> list[Asked]:
    ids = [each.id for each in regroupings]
    pairs = select(RegroupingSource.regrouping_id, RegroupingSource.proposal_id)
    of = [(row[0], row[1]) for row in session.execute(pairs.where(RegroupingSource.regrouping_id.in_(ids)))]
    named = {credit.proposal.id: credit for credit in _credits(session, {pair[1] for pair in of})}
    consents = list(
        session.scalars(
            select(RegroupingConsent)
            .where(RegroupingConsent.regrouping_id.in_(ids))
            .order_by(RegroupingConsent.account_id)
        )
    )
    withheld = _with_withheld_results(session, named)
    return [
        Asked(
            each,
            _by_number(named[proposal] for regrouping, proposal in of if regrouping == each.id),
            [consent for consent in consents if consent.regrouping_id == each.id],
            next((one for one in consents if actor and one.regrouping_id == each.id and _is_own(one, actor)), None),
            any(proposal in withheld for regrouping, proposal in of if regrouping == each.id),
        )
        for each in regroupings
    ]


def _with_withheld_results(session: Session, ids: Collection[int]) -> set[int]:
    """Those of these proposals of which something came that moderation withholds, or that nothing came of yet and
    that it withholds themselves."""
    rows = select(ProposalLineage.source_id).join(Proposal, Proposal.id == ProposalLineage.result_id)
    gone_in = rows.where(ProposalLineage.source_id.in_(ids), Proposal.standing != Standing.SHOWN)
    waiting = select(Proposal.id).where(Proposal.id.in_(ids), Proposal.standing != Standing.SHOWN)
    return {*session.scalars(gone_in), *session.scalars(waiting.where(Proposal.status == ProposalState.SUBMITTED))}


def _is_own(consent: RegroupingConsent, actor: Actor) -> bool:
    return actor.account_id is not None and consent.account_id == actor.account_id


def credits_by_id(session: Session, ids: Collection[int]) -> dict[int, Credit]:
    """Proposals with whom they belong to, for whoever shows where something comes from."""
    return {credit.proposal.id: credit for credit in _credits(session, ids)}


def _credits(session: Session, ids: Iterable[int]) -> list[Credit]:
    rows = select(Proposal, Account.is_active).outerjoin(Account, Account.id == Proposal.author_id)
    rows = rows.where(Proposal.id.in_(set(ids))).options(joinedload(Proposal.organisation))
    return [Credit(row[0], row[1] is False and row[0].organisation_id is None) for row in session.execute(rows)]


def _by_number(found: Iterable[Credit]) -> list[Credit]:
    return sorted(found, key=lambda credit: credit.proposal.number or 0)


def live_regroupings(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check."""
    for regrouping in session.scalars(select(Regrouping)):
        yield regrouping.ref, regrouping.public_payload()


def live_lineage(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """For the drift check."""
    ids = {name: Proposal.__table__.alias() for name in ("source", "result")}
    source, result = ids["source"], ids["result"]
    rows = (
        select(ProposalLineage, source.c.public_id, result.c.public_id)
        .join(source, source.c.id == ProposalLineage.source_id)
        .join(result, result.c.id == ProposalLineage.result_id)
    )
    for edge, before, after in session.execute(rows):
        yield lineage_ref(before, after), edge.public_payload(f"proposal/{before}", f"proposal/{after}")


def lineage_ref(source: str, result: str) -> str:
    """How the log names an edge, from the public ids of its ends."""
    return f"lineage/{source}/{result}"
