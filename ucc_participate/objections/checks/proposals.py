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


@question("P7", Theme.PROPOSALS, _l("Did the answers come in time?"), "OECD", "Gunning 4")
def answers_come_in_time(facts: Facts) -> Finding:
    if not facts.proposals.answered:
        return later(_l("No proposal has been answered yet."))
    if not facts.late:
        return met(_l("No answer came after the promised day."))
    says = lazy_ngettext(
        "%(num)s answer came after the promised day.", "%(num)s answers came after the promised day.", facts.late
    )
    return warning(says, _l("It cannot be undone. Say in the report why it took longer."), "proposals.answers")


@question("P10", Theme.PROPOSALS, _l("Is it kept when somebody does not agree?"), "Gunning 4", "Lundy: influence")
def dissent_is_kept(facts: Facts) -> Finding:
    if facts.hidden_dissents:
        says = lazy_ngettext(
            "%(num)s minority statement was hidden by moderation.",
            "%(num)s minority statements were hidden by moderation.",
            facts.hidden_dissents,
        )
        return warning(says, _l("Only what is unlawful may be hidden. Look at it once more."), proof="dissent.hidden")
    if facts.dissents:
        says = lazy_ngettext(
            "%(num)s minority statement stands in the record, word for word.",
            "%(num)s minority statements stand in the record, word for word.",
            facts.dissents,
        )
        return met(says, "dissent.filed")
    if not facts.proposals.answered:
        return later(_l("There is no decision yet to disagree with."))
    return met(_l("Nobody has filed a minority statement. The page of every answer offers it."))
