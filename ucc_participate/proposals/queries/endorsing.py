"""Who stands behind a proposal, how many are needed, and what the log was last told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from ...accounts.models import Account
from ...kernel.identity import Actor
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
    """The first endorsements of organisations that stand."""
    if not proposal.organisation_endorsements:
        return []
    of_organisations = (Endorsement.proposal_id == proposal.id, Endorsement.organisation_id.is_not(None), _stands)
    query = select(Endorsement).where(*of_organisations).options(joinedload(Endorsement.organisation))
    return list(session.scalars(query.order_by(Endorsement.given_at, Endorsement.id).limit(MOST_NAMED)))


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
    mine = or_(
        and_(Endorsement.organisation_id.is_(None), Endorsement.account_id == actor.account_id),
        Organisation.public_id.in_(sorted(actor.delegations)),
    )
    query: Select[Any] = select(Organisation.public_id).select_from(Endorsement).outerjoin(Endorsement.organisation)
    found = session.scalars(query.where(Endorsement.proposal_id == proposal.id, _stands, mine)).all()
    return Own(None in found, frozenset(one for one in found if one is not None))


def endorsement_to_change(
    session: Session, proposal: Proposal, *, account_id: int | None, organisation: Organisation | None
) -> Endorsement | None:
    """The row of this resident or organisation, withdrawn or not; the proposal's lock guards it."""
    who: ColumnElement[bool] = (
        Endorsement.organisation_id == organisation.id
        if organisation is not None
        else and_(Endorsement.organisation_id.is_(None), Endorsement.account_id == account_id)
    )
    return session.scalar(select(Endorsement).where(Endorsement.proposal_id == proposal.id, who))


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
    missing = (Proposal.process_id == process.id, _on_list, Proposal.supported_at.is_(None))
    return session.scalar(select(func.count()).where(*missing)) or 0


def crossing(session: Session, process: Process, needed: int) -> list[Proposal]:
    """Proposals on the list whose mark of being supported is wrong for this number; locked."""
    reached = (_total >= needed) if needed else (_total < 0)
    wrong = or_(and_(reached, Proposal.supported_at.is_(None)), and_(~reached, Proposal.supported_at.is_not(None)))
    query = select(Proposal).where(Proposal.process_id == process.id, _on_list, wrong)
    return list(session.scalars(query.order_by(Proposal.id).with_for_update()))


def true_counts(session: Session) -> dict[int, tuple[int, int]]:
    """By proposal: residents and organisations, counted from the rows."""
    residents = func.count().filter(Endorsement.organisation_id.is_(None))
    organisations = func.count().filter(Endorsement.organisation_id.is_not(None))
    query = select(Endorsement.proposal_id, residents, organisations).where(_stands)
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
