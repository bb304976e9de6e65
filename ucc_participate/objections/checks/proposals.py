"""What was proposed, and whether the city answered."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ...kernel.i18n import lazy_number
from ...vocabularies.uccn import AREAS, OBJECTIVES
from ..facts import Facts
from .asking import (
    Finding,
    Theme,
    later,
    met,
    objection,
    question,
    side_by_side,
    warning,
)


@question("O1", Theme.PROPOSALS, _l("Is there a proposal for every objective?"))
def every_objective_has_a_proposal(facts: Facts) -> Finding:
    return _covered(facts, OBJECTIVES, facts.objectives, _l("Ask for proposals that serve this objective."))


@question("A1", Theme.PROPOSALS, _l("Is there a proposal in every area of action?"))
def every_area_has_a_proposal(facts: Facts) -> Finding:
    return _covered(facts, AREAS, facts.areas, _l("Ask for proposals in this area."))


def _covered(facts: Facts, labels: dict[str, Any], counts: Any, todo: Any) -> Finding:
    if not facts.has_opened:
        return later(_l("The process has not opened yet."))
    bare = [label for name, label in labels.items() if not counts.get(name)]
    if not bare:
        return met(_l("Each has at least one."))
    return warning(_l("None yet: %(names)s.", names=side_by_side(bare)), todo, "proposals.index")


@question(
    "P7",
    Theme.PROPOSALS,
    _l("Is every proposal answered, with a name and a reason?"),
    "OECD",
    "IAP2",
    "Gunning 4",
    "Lundy: influence",
)
def every_proposal_is_answered(facts: Facts) -> Finding:
    counts = facts.proposals
    if not counts.total:
        return later(_l("There is no proposal yet."))
    says = _l(
        "%(answered)s of %(total)s are answered.",
        answered=lazy_number(counts.answered),
        total=lazy_number(counts.total),
    )
    if not counts.unanswered:
        return met(says)
    if counts.overdue:
        late = lazy_ngettext(
            "%(num)s answer is overdue, and everybody can see it.",
            "%(num)s answers are overdue, and everybody can see it.",
            counts.overdue,
        )
        return objection(late, _l("Answer them now, each with its reason."), "proposals.answers")
    return later(says)
