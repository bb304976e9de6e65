"""How standings, groups, states and steps are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from .facts import Standing
from .models import COUNCIL, SUPPORT, AttachmentState
from .rules.asking import Group

STANDINGS: dict[Standing, Any] = {
    Standing.MISSING: _l("Missing"),
    Standing.PARTLY: _l("Partly met"),
    Standing.LATER: _l("Not yet its time"),
    Standing.MET: _l("Met"),
}
STANDING_MARKS: dict[Standing, str] = {
    Standing.MISSING: "low",
    Standing.PARTLY: "open",
    Standing.LATER: "quiet",
    Standing.MET: "good",
}
FINDINGS: dict[Standing, str] = {
    Standing.MISSING: "objection",
    Standing.PARTLY: "warning",
    Standing.LATER: "later",
    Standing.MET: "met",
}
"""Classes of the stars that the linter's page has too."""
GROUPS: dict[Group, Any] = {
    Group.PARTICIPATION: _l("Everybody took part"),
    Group.OBJECTIVES: _l("The objectives of the Network"),
    Group.AREAS: _l("Areas of action"),
    Group.FORWARD: _l("Heritage and creativity as pillars"),
    Group.LEVELS: _l("Economy, culture, society, environment"),
    Group.LONG: _l("A commitment for long"),
    Group.PLAN: _l("A concrete plan for four years"),
    Group.EXCHANGE: _l("Exchange with other cities"),
    Group.BIG: _l("The big picture"),
    Group.FILE: _l("The file that is handed in"),
}
GROUP_TEXTS: dict[Group, Any] = {
    Group.PARTICIPATION: _l(
        "The municipality applies, through a process in which all three sectors and their partners took part."
    ),
    Group.OBJECTIVES: _l("What the Network wants to reach, and how the application serves it."),
    Group.AREAS: _l("The seven kinds of action that the Network knows."),
    Group.FORWARD: _l("What the city has inherited and what it creates today carry the plan."),
    Group.LEVELS: _l("Creativity is to serve development at all levels, none at the cost of another unseen."),
    Group.LONG: _l("The designation binds the city to act and to report."),
    Group.PLAN: _l("Projects, innovations and policies, local and international, that the city measures itself."),
    Group.EXCHANGE: _l("The city can work together with members of the Network."),
    Group.BIG: _l("Needs, goals, people and money are in balance."),
    Group.FILE: _l("Texts, attachments and days, as the official form asks."),
}
STATES: dict[AttachmentState, Any] = {
    AttachmentState.WANTED: _l("Still wanted"),
    AttachmentState.ASKED: _l("Requested"),
    AttachmentState.RECEIVED: _l("Received"),
    AttachmentState.SIGNED: _l("Signed"),
    AttachmentState.VOID: _l("Void"),
}
STATE_MARKS: dict[AttachmentState, str] = {
    AttachmentState.WANTED: "low",
    AttachmentState.ASKED: "open",
    AttachmentState.RECEIVED: "open",
    AttachmentState.SIGNED: "good",
    AttachmentState.VOID: "quiet",
}
OWN: dict[str, tuple[Any, Any]] = {
    COUNCIL: (
        _l("Decision of the city council"),
        _l("The council binds the city to the plan. Not asked for by the form."),
    ),
    SUPPORT: (
        _l("Other letters of support"),
        _l("Kept as evidence for the national round; UNESCO does not take them."),
    ),
}
STEPS: dict[str, Any] = {
    "participation": _l("The participation process has ended, every proposal is answered"),
    "letters_asked": _l("All letters are asked for"),
    "plan": _l("The action plan is frozen"),
    "photos": _l("Photos and their rights are there"),
    "texts": _l("The texts are final"),
    "council": _l("The council has decided"),
    "letters": _l("All letters are signed"),
    "freeze": _l("The dossier is frozen"),
    "national": _l("The file is with the National Commission"),
    "unesco": _l("The file is with UNESCO"),
}
TELLS: dict[str, Any] = {
    "gps": _l("where it was taken"),
    "camera": _l("with which camera"),
    "time": _l("when"),
    "owner": _l("by whom, as the camera knows it"),
    "words": _l("captions, editing history or a comment"),
}
PAGES: dict[str, Any] = {
    "plan.desk": _l("Action plan"),
    "plan.show": _l("Public page of the plan"),
    "dossier.desk": _l("Texts of the application"),
    "citing.desk": _l("Who shaped what"),
    "readiness.checklist": _l("Attachments and deadlines"),
    "readiness.deadlines": _l("Deadlines"),
    "record.show": _l("Record"),
    "inventory.index": _l("Needs and assets"),
    "resources.desk": _l("People, money, bodies"),
    "partners.desk": _l("Partner cities"),
    "partners.public": _l("Public list of partner cities"),
}
