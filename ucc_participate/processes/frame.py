"""What stands around the pages of a process: its phase line, its menu, the desk's menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from ..accounts.models import Account
from ..kernel import clock
from ..kernel.identity import Role
from ..kernel.web import can, current_actor
from .models import Capability, Process, ProcessState
from .timetable import PhaseMark, phase_line


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a menu."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of a menu that belong together, folded away unless one of them is the page or it is their time."""

    label: str
    entries: list[Entry]
    is_due: bool = False

    @property
    def current(self) -> bool:
        return any(entry.current for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Deed:
    """The one thing to do now."""

    label: str
    url: str


PARTS = "ucc.application_parts"
"""``app.extensions``: functions process → a line of ``application_menu``, or None while there is nothing to read."""
STEPS = ("extend", "publish", "open", "close")
"""Pages of the desk that the checklist leads to."""
SCORING, SPLITTING = ("appraisal-rules",), ("splitting",)


def phases_of(process: Process) -> list[PhaseMark]:
    """The phase line of a process at this moment; needs ``phases`` loaded."""
    return phase_line(process, clock.now())


def process_menu(process: Process) -> list[Entry]:
    """The parts of a process that this installation has."""
    known = process.public_id
    return _present(
        [
            _entry(_("Overview"), "processes.show", exact=True, public_id=known),
            _entry(_("Proposals"), "proposals.index", process_id=known),
            _entry(_("Meetings"), "meetings.index", process_id=known),
            _entry(_("Opinion map"), "opinions.index", process_id=known),
            _entry(_("Needs and assets"), "inventory.index", process_id=known),
            _entry(_("Votes"), "voting.index", process_id=known),
            _entry(_("Action plan"), "plan.show", process_id=known),
            _entry(_("Promises kept"), "commitments.show", process_id=known),
            _entry(_("Who takes part"), "representation.show", process_id=known),
            _entry(_("Record"), "record.show", process_id=known),
        ]
    )


def application_menu(process: Process) -> list[Entry]:
    """The plan and what belongs to it, for everybody: what other rooms have to show stands behind (``PARTS``)."""
    known = process.public_id
    added = [ask(process) for ask in current_app.extensions.get(PARTS, ())]
    mine = [
        _entry(_("Action plan"), "plan.show", process_id=known),
        _entry(_("Promises kept"), "commitments.show", process_id=known),
    ]
    return _present([*mine, *added])


def part(label: str, endpoint: str, process: Process) -> Entry | None:
    """A line of ``application_menu``, for the rooms that add one."""
    return _entry(label, endpoint, process_id=process.public_id)


def primary_deed(process: Process) -> Deed | None:
    """What the open phase is for; None where there is nothing to do but read. Evaluators take no part."""
    wanted = (
        (Capability.VOTE, _("Vote now"), "voting.index"),
        (Capability.PROPOSE, _("Write a proposal"), "proposals.new"),
        (Capability.COMMENT, _("Read the proposals"), "proposals.index"),
    )
    for capability, label, endpoint in wanted[2:] if current_actor().has(Role.EVALUATOR) else wanted:
        if process.allows(capability, clock.now()) and _exists(endpoint):
            return Deed(label, url_for(endpoint, process_id=process.public_id))
    return None


def desk_menu() -> list[Entry]:
    """The desk of the city's staff."""
    return _present(
        [
            _entry(_("Processes"), "processes.staff_index"),
            _entry(_("Stakeholders"), "stakeholders.index"),
            _entry(_("Nominations"), "stakeholders.nomination_queue") if can("manage", Process) else None,
            _entry(_("Import and export"), "stakeholders.imports") if can("manage", Process) else None,
            _entry(_("Probable duplicates"), "stakeholders.duplicates") if can("manage", Process) else None,
            _entry(_("People and roles"), "accounts.people") if can("see_people", Account) else None,
            _entry(_("Official forms"), "dossier.forms") if can("manage", Process) else None,
            _entry(_("Population tables"), "representation.populations") if can("manage", Process) else None,
            _entry(_("Personal data"), "portal.staff_privacy") if can("see_people", Account) else None,
        ]
    )


def process_desk_menu(process: Process) -> list[Entry | Group]:
    """The desk of one process: what the present actor can do with it now, the many parts in a few groups."""
    known, is_staff, reads = process.public_id, can("manage", Process), can("read_desk", Process)
    runs = current_actor().has(Role.COORDINATOR)
    prepares = runs and process.status is not ProcessState.CLOSED
    receives = runs or current_actor().has(Role.CLERK)
    return [
        *_present(
            [
                _entry(_("All processes"), "processes.staff_index", exact=True) if reads else None,
                _entry(_("Checklist"), "processes.checklist", public_id=known, beside=STEPS) if reads else None,
            ]
        ),
        *_group(_("Planning"), _planning(process, prepares=prepares, receives=receives), is_due=can("revise", process)),
        *_group(_("Inviting and telling"), _people(known, is_staff=is_staff, reads=reads, prepares=prepares)),
        *_group(_("Meetings and counter"), _in_person(known, reads=reads, receives=receives)),
        *_group(_("Discussion"), _conversation(known, is_staff=is_staff)),
        *_group(_("Answers"), _answers(known, is_staff=is_staff, reads=reads, runs=runs)),
        *_group(_("Plan and application"), _application(known, reads=reads, runs=runs)),
        *_present(
            [
                _entry(_("What would be objected to"), "objections.show", public_id=known),
                _entry(_("Public page"), "processes.show", exact=True, public_id=known),
            ]
        ),
    ]


def _planning(process: Process, *, prepares: bool, receives: bool) -> list[Entry | None]:
    known = process.public_id
    return [
        _entry(_("Texts"), "processes.edit", public_id=known) if can("revise", process) else None,
        _entry(_("Timetable"), "processes.timetable", public_id=known) if can("revise", process) else None,
        _entry(_("Documents"), "processes.documents", public_id=known) if can("add_document", process) else None,
        _entry(_("Targets"), "processes.targets", public_id=known) if can("set_targets", process) else None,
        _entry(_("What a proposal says"), "proposals.setting_up", process_id=known) if prepares else None,
        _entry(_("Who may vote"), "eligibility.desk", public_id=known) if receives else None,
    ]


def _people(known: str, *, is_staff: bool, reads: bool, prepares: bool) -> list[Entry | None]:
    return [
        _entry(_("Who is there"), "processes.board", public_id=known) if reads else None,
        _entry(_("Who is missing"), "representation.desk", public_id=known) if is_staff else None,
        _entry(_("Invitations"), "outreach.stages", public_id=known, beside=("invite",)) if reads else None,
        _entry(_("Reaching people"), "outreach.activities", public_id=known, beside=("outreach",)) if reads else None,
        _entry(_("Newsletters"), "outreach.newsletters", process_id=known) if is_staff else None,
        _entry(_("Guests from other cities"), "deliberation.guests", public_id=known) if prepares else None,
    ]


def _in_person(known: str, *, reads: bool, receives: bool) -> list[Entry | None]:
    """Evaluators read what was written down for others; moderators have no part in it."""
    reads_paper = receives or current_actor().has(Role.EVALUATOR)
    return [
        _entry(_("Meetings"), "meetings.desk", process_id=known) if reads else None,
        _entry(_("Counter"), "eligibility.counter", public_id=known) if receives else None,
        _entry(_("Paper and telephone"), "assisted.index", public_id=known) if reads_paper else None,
    ]


def _conversation(known: str, *, is_staff: bool) -> list[Entry | None]:
    """Clerks do not judge what people say; evaluators are led to the figures."""
    judges = current_actor().has(Role.COORDINATOR, Role.MODERATOR, Role.EVALUATOR)
    return [
        _entry(pgettext("moderation", "What people say"), "moderation.queue", process_id=known) if judges else None,
        _entry(_("Opinion map"), "opinions.desk", process_id=known) if is_staff else None,
    ]


def _answers(known: str, *, is_staff: bool, reads: bool, runs: bool) -> list[Entry | None]:
    answers = _("Answer proposals") if is_staff else _("Answers")
    return [
        _entry(_("Appraisal"), "proposals.appraisals", process_id=known, beside=SCORING) if reads else None,
        _entry(_("Merge and split"), "proposals.merging", process_id=known, beside=SPLITTING) if runs else None,
        _entry(answers, "proposals.answers", process_id=known, beside=("endorsements",)),
    ]


def _application(known: str, *, reads: bool, runs: bool) -> list[Entry | None]:
    """From the plan to what becomes of it; evaluators read along."""
    if not reads:
        return []
    return [
        _entry(_("Readiness"), "readiness.show", process_id=known),
        _entry(_("People, money, bodies"), "resources.desk", process_id=known),
        _entry(_("Partner cities"), "partners.desk", process_id=known),
        _entry(_("Action plan"), "plan.desk", process_id=known),
        _entry(_("Texts of the application"), "dossier.desk", process_id=known),
        _entry(_("Who shaped what"), "citing.desk", process_id=known),
        _entry(_("Attachments and deadlines"), "readiness.checklist", process_id=known),
        _entry(_("Handing in"), "submission.desk", process_id=known),
        _entry(_("Questions of evaluators"), "submission.questions", process_id=known),
        _entry(_("Promises and figures"), "commitments.desk", process_id=known),
        _entry(_("Give and take"), "sharing.desk", process_id=known) if runs else None,
    ]


def staff_variables() -> dict[str, Any]:
    """``staff_navigation`` for pages that bring no menu of their own."""
    return {"staff_navigation": desk_menu()} if can("read_desk", Process) else {}


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _entry(
    label: str, endpoint: str, *, exact: bool = False, beside: tuple[str, ...] = (), **values: Any
) -> Entry | None:
    """None when the part of the product that answers this is not installed.

    ``beside``: first words of other addresses at the desk of the process that belong to this line.
    """
    if not _exists(endpoint):
        return None
    url = url_for(endpoint, **values)
    here = request.path == url or (not exact and request.path.startswith(url + "/"))
    return Entry(label, url, here or _desk_word(**values) in beside)


def _desk_word(*, public_id: str = "", process_id: str = "") -> str:
    """The word after the process in the address of a page at its desk; empty elsewhere."""
    before, found, after = request.path.partition(f"/staff/processes/{public_id or process_id}/")
    return after.partition("/")[0] if found and not before else ""


def _group(label: str, entries: list[Entry | None], *, is_due: bool = False) -> list[Entry | Group]:
    """The lines under a title; a single one stands alone."""
    present = _present(entries)
    return [Group(label, present, is_due)] if len(present) > 1 else [*present]


def _present(entries: list[Entry | None]) -> list[Entry]:
    return [entry for entry in entries if entry is not None]
