"""Who stands behind a proposal, how many are needed, and what the log was last told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from ...accounts.models import Account
from ...kernel.identity import Actor
from ...moderation.models import Standing
from ...processes.models import Process
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import Sector
from ..models import Endorsement, EndorsementCount, Proposal, ProposalRule, ProposalState

MOST_NAMED = 200
_stands = Endorsement.withdrawn_at.is_(None)
_on_list = Proposal.status.in_([ProposalState.SUBMITTED, ProposalState.ANSWERED])
_total = Proposal.resident_endorsements + Proposal.organisation_endorsements


@dataclass(frozen=True, slots=True)
class Support:
    """Who stands behind a proposal. ``needed`` 0: the process asks for none.

    ``sectors``: organisations, which say so in public; residents are one number and belong to no sector here.
    """

    residents: int
    organisations: list[Endorsement]
    needed: int
    is_needed_for_ballot: bool
    supported_at: datetime | None

    @property
    def total(self) -> int:
        return self.residents + len(self.organisations)

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.total)

    @property
    def sectors(self) -> dict[Sector, int]:
        return dict(Counter(one.organisation.sector for one in self.organisations if one.organisation is not None))


@dataclass(frozen=True, slots=True)
class Own:
    """What a person has endorsed of one proposal: as a resident, and for which organisations (public ids)."""

    as_resident: bool
    organisations: frozenset[str]


def get_rule(session: Session, process: Process) -> ProposalRule | None:
    """None where nobody has laid down anything: no endorsements are needed."""
    return session.get(ProposalRule, process.id)


def _named(session: Session, proposal: Proposal) -> list[Endorsement]:
    """The first endorsements of organisations that stand; entries of the register that were merged count as one."""
    if not proposal.organisation_endorsements:
        return []
    of_organisations = (Endorsement.proposal_id == proposal.id, Endorsement.organisation_id.is_not(None), _stands)
    query = select(Endorsement).where(*of_organisations).options(joinedload(Endorsement.organisation))
    found = session.scalars(query.order_by(Endorsement.given_at, Endorsement.id).limit(MOST_NAMED)).all()
    once = {one.organisation.merged_into_id or one.organisation.id: one for one in reversed(found) if one.organisation}
    return list(reversed(once.values()))


def support_of(session: Session, proposal: Proposal) -> Support:
    rule = session.get(ProposalRule, proposal.process_id)
    return Support(
        residents=proposal.resident_endorsements,
        organisations=_named(session, proposal),
        needed=rule.needed if rule else 0,
        is_needed_for_ballot=bool(rule and rule.is_needed_for_ballot),
        supported_at=proposal.supported_at,
    )


def endorsed_by(session: Session, proposal: Proposal, actor: Actor) -> Own:
    if actor.account_id is None:
        return Own(False, frozenset())
    survivor = aliased(Organisation)
    speaks = func.coalesce(survivor.public_id, Organisation.public_id)
    mine = or_(
        and_(Endorsement.organisation_id.is_(None), Endorsement.account_id == actor.account_id),
        speaks.in_(sorted(actor.delegations)),
    )
    query: Select[Any] = select(speaks).select_from(Endorsement).outerjoin(Endorsement.organisation)
    query = query.outerjoin(survivor, survivor.id == Organisation.merged_into_id)
    found = session.scalars(query.where(Endorsement.proposal_id == proposal.id, _stands, mine)).all()
    return Own(None in found, frozenset(one for one in found if one is not None))


def endorsements_to_change(
    session: Session, proposal: Proposal, *, account_id: int | None, organisation: Organisation | None
) -> list[Endorsement]:
    """Rows of this resident or organisation, withdrawn or not, with organisations; the proposal's lock guards them.

    An organisation's own comes first, then those of entries that it stands for since they were merged into it.
    """
    query = select(Endorsement).where(Endorsement.proposal_id == proposal.id)
    if organisation is None:
        mine = query.where(Endorsement.organisation_id.is_(None), Endorsement.account_id == account_id)
        return list(session.scalars(mine))
    merged = select(Organisation.id).where(Organisation.merged_into_id == organisation.id)
    ours = query.where(or_(Endorsement.organisation_id == organisation.id, Endorsement.organisation_id.in_(merged)))
    first = (Endorsement.organisation_id == organisation.id).desc()
    return list(session.scalars(ours.options(joinedload(Endorsement.organisation)).order_by(first, Endorsement.id)))


def standing_endorsements(session: Session, ids: Collection[int]) -> list[Endorsement]:
    """What stands behind any of these proposals, the oldest first, with organisations."""
    query = select(Endorsement).where(Endorsement.proposal_id.in_(ids), _stands)
    whole = query.options(joinedload(Endorsement.organisation))
    return list(session.scalars(whole.order_by(Endorsement.given_at, Endorsement.id)))


def endorsed_by_both(session: Session, one: Organisation, other: Organisation) -> list[Proposal]:
    """Proposals that both organisations endorse, each for itself or for what was merged into it; locked."""

    def stands_behind(who: Organisation) -> ColumnElement[bool]:
        merged = select(Organisation.id).where(Organisation.merged_into_id == who.id)
        of_it = or_(Endorsement.organisation_id == who.id, Endorsement.organisation_id.in_(merged))
        return Proposal.id.in_(select(Endorsement.proposal_id).where(of_it, _stands))

    query = select(Proposal).where(stands_behind(one), stands_behind(other)).order_by(Proposal.id)
    return list(session.scalars(query.with_for_update(of=Proposal)))


def supporters_to_tell(session: Session, proposal: Proposal) -> list[Account]:
    """Active accounts that have endorsed it, for themselves or for an organisation, each once."""
    spoken = select(Endorsement.account_id).where(Endorsement.proposal_id == proposal.id, _stands)
    return list(session.scalars(select(Account).where(Account.id.in_(spoken), Account.is_active).order_by(Account.id)))


def endorsements_of(session: Session, account: Account) -> list[Endorsement]:
    """What the account has endorsed, for itself and for organisations."""
    query = select(Endorsement).where(Endorsement.account_id == account.id)
    whole = query.options(joinedload(Endorsement.organisation), joinedload(Endorsement.proposal))
    return list(session.scalars(whole.order_by(Endorsement.id)))


def count_without_support(session: Session, process: Process) -> int:
    """How many proposals may not go on a ballot because too few stand behind them; 0 where that does not matter."""
    rule = get_rule(session, process)
    if rule is None or not rule.is_needed_for_ballot:
        return 0
    shown = Proposal.standing == Standing.SHOWN
    missing = (Proposal.process_id == process.id, _on_list, shown, Proposal.supported_at.is_(None))
    return session.scalar(select(func.count()).where(*missing)) or 0


def crossing(session: Session, process: Process, needed: int) -> list[Proposal]:
    """Proposals on the list whose mark of being supported is wrong for this number; locked."""
    reached = (_total >= needed) if needed else (_total < 0)
    wrong = or_(and_(reached, Proposal.supported_at.is_(None)), and_(~reached, Proposal.supported_at.is_not(None)))
    query = select(Proposal).where(Proposal.process_id == process.id, _on_list, wrong)
    return list(session.scalars(query.order_by(Proposal.id).with_for_update()))


def true_counts(session: Session) -> dict[int, tuple[int, int]]:
    """By proposal: residents and organisations, from the rows; merged entries as the one that stands for them."""
    residents = func.count().filter(Endorsement.organisation_id.is_(None))
    organisations = func.count(func.coalesce(Organisation.merged_into_id, Organisation.id).distinct())
    query = select(Endorsement.proposal_id, residents, organisations).outerjoin(Endorsement.organisation).where(_stands)
    return {row[0]: (row[1], row[2]) for row in session.execute(query.group_by(Endorsement.proposal_id))}


def miscounted(session: Session) -> list[Proposal]:
    """Proposals whose counts differ from the rows, locked, with their process."""
    true = true_counts(session)
    columns = (Proposal.id, Proposal.resident_endorsements, Proposal.organisation_endorsements)
    stored = {row[0]: (row[1], row[2]) for row in session.execute(select(*columns).where(_total > 0))}
    wrong = [at for at in true.keys() | stored.keys() if true.get(at, (0, 0)) != stored.get(at, (0, 0))]
    return _locked(session, wrong)


def untold(session: Session) -> list[Proposal]:
    """Proposals whose counts are others than those that the log was last told, locked, with their process."""
    told = EndorsementCount
    same = and_(
        told.residents == Proposal.resident_endorsements,
        told.organisations == Proposal.organisation_endorsements,
        told.is_reached == Proposal.supported_at.is_not(None),
    )
    query = select(Proposal.id).outerjoin(told, told.proposal_id == Proposal.id)
    new = and_(told.proposal_id.is_(None), _total > 0)
    return _locked(session, session.scalars(query.where(or_(new, and_(told.proposal_id.is_not(None), ~same)))).all())


def _locked(session: Session, ids: Sequence[int]) -> list[Proposal]:
    query = select(Proposal).where(Proposal.id.in_(ids)).options(joinedload(Proposal.process))
    return list(session.scalars(query.order_by(Proposal.id).with_for_update(of=Proposal)))


def live_endorsements(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """What organisations have said, for the drift check; what residents endorse is in no state of the log."""
    query = select(Endorsement).join(Endorsement.proposal).where(Endorsement.organisation_id.is_not(None))
    whole = query.options(contains_eager(Endorsement.proposal), joinedload(Endorsement.organisation))
    for one in session.scalars(whole.execution_options(yield_per=500)):
        if one.organisation is not None:
            yield one.ref_in(one.proposal, one.organisation), one.public_payload(one.organisation)


def live_counts(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    query = select(EndorsementCount, Proposal.public_id).join(Proposal, Proposal.id == EndorsementCount.proposal_id)
    for row in session.execute(query.execution_options(yield_per=500)):
        yield f"proposal/{row[1]}/endorsements", row[0].public_payload()


def live_rules(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    query = select(ProposalRule, Process.public_id).join(Process, Process.id == ProposalRule.process_id)
    for rule, public_id in session.execute(query):
        yield f"process/{public_id}/proposal_rule", rule.public_payload()
