"""What an evaluator would object to: one function a question, pure, answered from the facts alone.

Rule ids (P1, O3 …) are those of the guidelines, listed in docs/rules.md; the norms are named by their publishers, and
said in our own words: OECD guidelines for citizen participation 2022, IAP2 core values, Aarhus Convention art. 6, the
Gunning principles, EIGE on gender in consultations, Lundy's model of youth participation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from flask_babel.speaklater import LazyString

from ..kernel.i18n import lazy_number, percent, reader
from ..processes.models import PhaseKind
from ..processes.policies import missing_requirements
from ..processes.timetable import open_days
from ..representation import charts
from ..representation.wording import GROUPS
from ..vocabularies.uccn import AREAS, OBJECTIVES, Sector
from ..voting.models import VoteState
from .facts import Facts

USUAL_NOTICE = timedelta(days=7)
STATED_ENOUGH = 0.5
STATE = "process:now"
"""The newest entry that holds the whole state of the process: texts, timetable, targets, who is responsible."""


class Standing(StrEnum):
    """How a question stands: ``LATER`` means that it cannot be asked yet."""

    OBJECTION = "objection"
    WARNING = "warning"
    LATER = "later"
    MET = "met"


class Theme(StrEnum):
    PROMISE = "promise"
    PRESENCE = "presence"
    WOMEN_AND_YOUTH = "women_and_youth"
    PROPOSALS = "proposals"
    VOTE = "vote"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question. ``says``: the evidence in words; ``todo``: what to do, None when nothing is.

    ``proofs``: which entries of the log prove what it says (keys of ``Facts.entries``); ``lines``: their numbers. A
    sentence that no few entries prove cites none. ``page``: the endpoint where it is put right.
    """

    standing: Standing
    says: Any
    todo: Any = None
    page: str | None = None
    proofs: tuple[str, ...] = ()
    rule: str = ""
    norms: tuple[str, ...] = ()
    theme: Theme = Theme.PROMISE
    asks: Any = None
    lines: tuple[int, ...] = ()


Check = Callable[[Facts], Finding]
CHECKS: list[Check] = []


def find(facts: Facts) -> list[Finding]:
    """Every question answered, the objections first, otherwise in the order of the themes."""
    found = [check(facts) for check in CHECKS]
    themes, standings = list(Theme), list(Standing)
    return sorted(found, key=lambda each: (standings.index(each.standing), themes.index(each.theme)))


def _question(rule: str, theme: Theme, asks: Any, *norms: str) -> Callable[[Check], Check]:
    """Enter a check, which then answers with its rule, norms, theme and question filled in."""

    def enter(check: Check) -> Check:
        def answered(facts: Facts) -> Finding:
            finding = check(facts)
            lines = sorted({line for proof in finding.proofs for line in facts.entries.get(proof, ())})
            return replace(finding, rule=rule, norms=norms, theme=theme, asks=asks, lines=tuple(lines))

        answered.__name__ = check.__name__
        CHECKS.append(answered)
        return answered

    return enter


def _met(says: Any, *proofs: str) -> Finding:
    return Finding(Standing.MET, says, proofs=proofs)


def _later(says: Any) -> Finding:
    return Finding(Standing.LATER, says)


def _objection(says: Any, todo: Any, page: str | None = None, *, proof: str | None = None) -> Finding:
    return Finding(Standing.OBJECTION, says, todo, page, (proof,) if proof else ())


def _warning(says: Any, todo: Any, page: str | None = None, *, proof: str | None = None) -> Finding:
    return Finding(Standing.WARNING, says, todo, page, (proof,) if proof else ())


# --- the promise ------------------------------------------------------------------------------------------------


@_question("P1", Theme.PROMISE, _l("Does a named person of the municipality answer for the process?"), "Aarhus 6")
def a_named_person_is_responsible(facts: Facts) -> Finding:
    if facts.process.responsible:
        return _met(_l("%(person)s is named as responsible.", person=facts.process.responsible), STATE)
    return _objection(_l("Nobody is named."), _l("Name the official who is responsible."), "processes.edit")


@_question("P5", Theme.PROMISE, _l("Was everything said before it opened?"), "OECD", "IAP2", "Gunning 2")
def the_promise_is_complete(facts: Facts) -> Finding:
    missing = missing_requirements(facts.process, facts.now) if not facts.has_opened else []
    if not missing and facts.process.published_at is None:
        return _later(_l("Everything is filled in; it becomes public when the process is published."))
    if not missing:
        return _met(
            _l("Purpose, scope, what can still change, promise, decision maker, timetable and documents are public."),
            "process.published",
        )
    says = lazy_ngettext("%(num)s thing is still missing.", "%(num)s things are still missing.", len(missing))
    return _objection(says, _l("Fill in what the checklist names."), "processes.checklist")


@_question("P5", Theme.PROMISE, _l("Could people prepare before it opened?"), "Aarhus 6", "Gunning 3")
def people_had_notice(facts: Facts) -> Finding:
    if facts.notice is None:
        return _later(_l("The process has not been published yet."))
    days = lazy_ngettext(
        "%(num)s day of notice before the opening.",
        "%(num)s days of notice before the opening.",
        max(0, facts.notice.days),
    )
    proof = "process.opened" if facts.has_opened else "process.published"
    if facts.notice >= USUAL_NOTICE:
        return _met(days, proof)
    todo = (
        _l("It cannot be made longer afterwards. Say in the record why it was short, and extend the first phase.")
        if facts.has_opened
        else _l("Publish earlier, or let the first phase begin later.")
    )
    return _warning(days, todo, "processes.checklist", proof=proof)


@_question("P6", Theme.PROMISE, _l("Was there enough time to propose and discuss?"), "Gunning 3", "Aarhus 6")
def there_is_enough_time(facts: Facts) -> Finding:
    days, least = open_days(facts.process.phases, since=facts.process.opened_at), facts.process.min_open_days
    says = lazy_ngettext(
        "By the timetable open for %(num)s day, %(so_far)s of it so far; at least %(least)s were promised.",
        "By the timetable open for %(num)s days, %(so_far)s of them so far; at least %(least)s were promised.",
        days,
        so_far=lazy_number(facts.days_open_so_far),
        least=lazy_number(least),
    )
    if days >= least:
        return _met(says, STATE)
    return _objection(says, _l("Give the phases more time."), "processes.timetable")


@_question("P5", Theme.PROMISE, _l("Is it clear what can still change?"), "Gunning 1", "Aarhus 6")
def the_question_is_open(facts: Facts) -> Finding:
    if not facts.process.open_questions:
        return _objection(
            _l("It does not say what can still change."), _l("Say what is open and what is not."), "processes.edit"
        )
    adopted_early = facts.proposals.answered and not facts.has_opened
    if adopted_early:
        return _objection(_l("Proposals were decided on before the process opened."), _l("Explain it in the record."))
    return _met(_l("What is open and what is decided already stands on the page of the process."))


# --- who is there -----------------------------------------------------------------------------------------------


@_question("P2", Theme.PRESENCE, _l("Was every sector invited?"), "IAP2", "OECD")
def every_sector_is_invited(facts: Facts) -> Finding:
    absent = [sector for sector in Sector if not facts.groups[f"sector:{sector.value}"].invited]
    if absent:
        names = _names(f"sector:{sector.value}" for sector in absent)
        says = _l("Nobody was invited: %(sectors)s.", sectors=names)
        return _objection(says, _l("Invite organisations of this sector."), "outreach.invite")
    counts = [facts.groups[f"sector:{sector.value}"].invited for sector in Sector]
    says = _l("Invited in the three sectors: %(counts)s.", counts=_numbers(counts))
    return _met(says, *(f"stakeholder.invited:sector:{sector.value}" for sector in Sector))


@_question("P3", Theme.PRESENCE, _l("Was every sector really there?"), "OECD")
def every_sector_takes_part(facts: Facts) -> Finding:
    if not facts.has_opened:
        return _later(_l("The process has not opened yet."))
    present = facts.presence.stage("organisations", "present")
    absent = [sector for sector in Sector if not present.count(f"sector:{sector.value}")]
    if not absent:
        counts = [present.count(f"sector:{sector.value}") or 0 for sector in Sector]
        says = _l("Present in the three sectors: %(counts)s.", counts=_numbers(counts))
        return _met(says, *(f"stakeholder.answered:sector:{sector.value}" for sector in Sector))
    names = _names(f"sector:{sector.value}" for sector in absent)
    says = _l("No organisation has answered, proposed or voted: %(sectors)s.", sectors=names)
    todo = _l("Call them, visit them, invite others of this sector.")
    return (_objection if facts.is_closed else _warning)(says, todo, "processes.board")


@_question("P2", Theme.PRESENCE, _l("Did the process go on although somebody was missing?"))
def no_gate_was_passed(facts: Facts) -> Finding:
    if not facts.overrides:
        return _met(_l("No gate was passed with a reason in place of what was missing."))
    says = lazy_ngettext(
        "%(num)s gate was passed; the reason is public.",
        "%(num)s gates were passed; the reasons are public.",
        facts.overrides,
    )
    return _warning(
        says,
        _l("Make up for what was missing, and write down what was done."),
        "processes.board",
        proof="gate.overridden",
    )


@_question("O3", Theme.PRESENCE, _l("Were targets set before the opening?"), "EIGE", "AA1000")
def targets_were_set(facts: Facts) -> Finding:
    if facts.process.targets:
        says = lazy_ngettext("%(num)s target was set.", "%(num)s targets were set.", len(facts.process.targets))
        return _met(says, "process.opened" if facts.has_opened else STATE)
    if facts.has_opened:
        return _warning(
            _l("No target was set before the opening."), _l("Compare with the population instead, and say so."), None
        )
    return _objection(
        _l("No target is set."),
        _l("Set targets for sectors, women and young people now: later it is too late."),
        "processes.targets",
    )


@_question("O4", Theme.PRESENCE, _l("Could people without internet take part?"), "IAP2", "EIGE")
def there_is_a_way_without_internet(facts: Facts) -> Finding:
    if facts.assisted:
        says = lazy_ngettext(
            "%(num)s of the participants came on paper, by telephone or in a workshop.",
            "%(num)s of the participants came on paper, by telephone or in a workshop.",
            facts.assisted,
        )
        return _met(says, "participant.joined:assisted")
    if not facts.has_opened:
        return _later(_l("The process has not opened yet."))
    return _warning(
        _l("Everybody came on the internet."),
        _l("Let clerks take proposals on paper, by telephone and at meetings, and enter them."),
    )


@_question("P4", Theme.PRESENCE, _l("Can people name organisations that are missing, and are they answered?"), "IAP2")
def nominations_are_answered(facts: Facts) -> Finding:
    named = facts.nominations
    if named.overdue:
        says = lazy_ngettext(
            "%(num)s nomination has waited for more than two weeks.",
            "%(num)s nominations have waited for more than two weeks.",
            named.overdue,
        )
        return _objection(says, _l("Answer them, with a reason."), "stakeholders.nomination_queue")
    if not named.total:
        return _warning(
            _l("Nobody has named a missing organisation."),
            _l("Tell people that they can: in letters, at meetings, on the page of stakeholders."),
        )
    says = lazy_ngettext(
        "%(num)s organisation was named, and none waits for long.",
        "%(num)s organisations were named, and none waits for long.",
        named.total,
    )
    return _met(says)


# --- women and youth ----------------------------------------------------------------------------------------------


@_question("OBJ-2", Theme.WOMEN_AND_YOUTH, _l("Were women’s groups invited?"), "EIGE")
def womens_groups_are_invited(facts: Facts) -> Finding:
    return _group_invited(
        facts, "womens_group", _l("Invite women’s organisations: associations, cooperatives, groups.")
    )


@_question("OBJ-2", Theme.WOMEN_AND_YOUTH, _l("Were youth groups invited?"), "Lundy: space")
def youth_groups_are_invited(facts: Facts) -> Finding:
    return _group_invited(facts, "youth_group", _l("Invite youth organisations: student councils, clubs, groups."))


def _group_invited(facts: Facts, group: str, todo: Any) -> Finding:
    invited = facts.groups[group].invited
    if not invited:
        return _objection(_l("None was invited."), todo, "outreach.invite")
    says = lazy_ngettext("%(num)s group was invited.", "%(num)s groups were invited.", invited)
    return _met(says, f"stakeholder.invited:{group}")


@_question("O3", Theme.WOMEN_AND_YOUTH, _l("Do women take part as planned?"), "EIGE")
def women_take_part(facts: Facts) -> Finding:
    return _share(facts, "sex:female", ("sex:female", "sex:male", "sex:other"))


@_question("O3", Theme.WOMEN_AND_YOUTH, _l("Do people under 30 take part as planned?"), "Lundy: voice")
def young_people_take_part(facts: Facts) -> Finding:
    return _share(facts, "age:under_30", ("age:under_30", "age:30_plus"))


def _share(facts: Facts, group: str, stated: Iterable[str]) -> Finding:
    goal = facts.process.targets.get(group)
    if not facts.has_opened:
        return _later(_l("The process has not opened yet."))
    joined = facts.presence.stage("people", "joined")
    count, known = joined.count(group), charts.known(joined, tuple(stated))
    everybody = joined.count("all") or 0
    if count is None or not known:
        return _warning(
            _l("Too few have said so: nothing can be shown."),
            _l("Ask people to say so in their account, and tell them what it is for."),
        )
    share = count / known
    says = _l(
        "%(share)s of those who told us; %(known)s of %(everybody)s did.",
        share=_percent(share),
        known=lazy_number(known),
        everybody=lazy_number(everybody),
    )
    if goal is not None and share < goal / 100:
        todo = _l(
            "The target is %(goal)s. Go where they are: their groups, schools, workplaces.", goal=_percent(goal / 100)
        )
        return (_objection if facts.is_closed else _warning)(says, todo, "processes.board")
    if everybody and known / everybody < STATED_ENOUGH:
        return _warning(
            says, _l("Half of the participants have not said. Ask them once more, and tell them what it is for.")
        )
    return _met(says)


# --- proposals and answers -----------------------------------------------------------------------------------------


@_question("O1", Theme.PROPOSALS, _l("Is there a proposal for every objective?"))
def every_objective_has_a_proposal(facts: Facts) -> Finding:
    return _covered(facts, OBJECTIVES, facts.objectives, _l("Ask for proposals that serve this objective."))


@_question("A1", Theme.PROPOSALS, _l("Is there a proposal in every area of action?"))
def every_area_has_a_proposal(facts: Facts) -> Finding:
    return _covered(facts, AREAS, facts.areas, _l("Ask for proposals in this area."))


def _covered(facts: Facts, labels: dict[str, Any], counts: Any, todo: Any) -> Finding:
    if not facts.has_opened:
        return _later(_l("The process has not opened yet."))
    bare = [label for name, label in labels.items() if not counts.get(name)]
    if not bare:
        return _met(_l("Each has at least one."))
    return _warning(_l("None yet: %(names)s.", names=_joined(bare)), todo, "proposals.index")


@_question(
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
        return _later(_l("There is no proposal yet."))
    says = _l(
        "%(answered)s of %(total)s are answered.",
        answered=lazy_number(counts.answered),
        total=lazy_number(counts.total),
    )
    if not counts.unanswered:
        return _met(says)
    if counts.overdue:
        late = lazy_ngettext(
            "%(num)s answer is overdue, and everybody can see it.",
            "%(num)s answers are overdue, and everybody can see it.",
            counts.overdue,
        )
        return _objection(late, _l("Answer them now, each with its reason."), "proposals.answers")
    return _later(says)


# --- the vote ---------------------------------------------------------------------------------------------------


@_question("P9", Theme.VOTE, _l("Were rules and options fixed before the vote opened?"))
def rules_were_fixed_first(facts: Facts) -> Finding:
    if not facts.votes:
        if facts.is_over(PhaseKind.VOTE):
            return _objection(_l("The timetable names a vote, and none was held."), _l("Say in the record why."))
        return _later(_l("No vote is announced yet."))
    says = lazy_ngettext(
        "%(num)s vote: its rules were sealed when it was announced.",
        "%(num)s votes: their rules were sealed when they were announced.",
        len(facts.votes),
    )
    return _met(says, "vote.announced")


@_question("P9", Theme.VOTE, _l("Are the votes counted and their results public?"))
def votes_are_counted(facts: Facts) -> Finding:
    late = [vote for vote in facts.votes if vote.status is not VoteState.CLOSED and vote.closes_at <= facts.now]
    if late:
        return _objection(_l("A vote is over and not counted."), _l("Close and count it on its page."), "voting.index")
    if not facts.votes or any(vote.status is not VoteState.CLOSED for vote in facts.votes):
        return _later(_l("Not all votes are over yet."))
    return _met(_l("All are counted, and anybody can count them again."), "vote.tallied")


@_question("P9", Theme.VOTE, _l("Could nobody be added to the roll unseen?"))
def rolls_stayed_frozen(facts: Facts) -> Finding:
    if "roll.frozen" not in facts.entries:
        return _later(_l("No roll is frozen yet."))
    if "roll.extended" in facts.entries:
        return _warning(
            _l("Somebody was added to a roll after the vote had opened; the reason is public."),
            _l("Be ready to explain it."),
            proof="roll.extended",
        )
    return _met(_l("No roll was changed after its vote had opened."), "roll.frozen")


# --- the proof --------------------------------------------------------------------------------------------------


@_question("P11", Theme.PROOF, _l("Is everything under a signed seal?"))
def everything_is_sealed(facts: Facts) -> Finding:
    says = _l(
        "%(sealed)s of %(size)s lines are under the newest seal.",
        sealed=lazy_number(facts.sealed_size),
        size=lazy_number(facts.log_size),
    )
    if facts.sealed_size == facts.log_size:
        return _met(says)
    return _warning(says, _l("A new seal comes within a minute. If it does not, the server’s jobs stand still."))


@_question("P11", Theme.PROOF, _l("Does somebody outside the city hold a seal?"))
def somebody_outside_holds_a_seal(facts: Facts) -> Finding:
    return _warning(
        _l("This server cannot know. Without it nobody can prove that the log is complete."),
        _l("Send today’s seal and the key to the National Commission, the council and a newspaper, each month anew."),
        "audit.index",
    )


@_question("P13", Theme.PROOF, _l("Is the record published?"))
def the_record_is_published(facts: Facts) -> Finding:
    if not facts.is_closed:
        return _later(_l("It is complete when the process is closed; until then it can be downloaded as it stands."))
    return _met(_l("Everybody can download it at its stable address. Put the citation line into the application."))


def _names(groups: Iterable[str]) -> Any:
    return _joined([GROUPS[group] for group in groups])


def _numbers(counts: Iterable[int]) -> Any:
    return _joined([lazy_number(count) for count in counts])


def _percent(share: float) -> LazyString:
    return LazyString(lambda: percent(share, locale=reader().locale))


def _joined(parts: list[Any]) -> LazyString:
    """Names side by side, in the reader's language when shown."""
    return LazyString(lambda: " · ".join(str(part) for part in parts))
