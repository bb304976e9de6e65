"""How the states and kinds of this domain are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from ..vocabularies.uccn import SECTORS
from .models import (
    AmendedField,
    AmendmentState,
    CoAuthorState,
    DissentAbout,
    Feasibility,
    FieldKind,
    Level,
    Outcome,
    ProposalKind,
    ProposalState,
    RegroupingState,
)

KINDS: dict[str, Any] = {
    ProposalKind.PROJECT: _l("Project"),
    ProposalKind.INNOVATION: _l("Innovation"),
    ProposalKind.POLICY: _l("Policy"),
}
KIND_HINTS: dict[str, Any] = {
    ProposalKind.PROJECT: _l("Something with a beginning and an end: a festival, a workshop, a building."),
    ProposalKind.INNOVATION: _l("A new way of doing something that the city does already."),
    ProposalKind.POLICY: _l("A rule, a plan or a service that stays."),
}
LEVELS: dict[str, Any] = {
    Level.LOCAL: _l("In the city"),
    Level.INTERNATIONAL: _l("With other cities of the network"),
}
STATES: dict[str, Any] = {
    ProposalState.DRAFT: _l("Draft"),
    ProposalState.SUBMITTED: _l("Waiting for an answer"),
    ProposalState.ANSWERED: _l("Answered"),
    ProposalState.WITHDRAWN: _l("Withdrawn"),
}
STATE_MARKS: dict[str, str] = {
    ProposalState.DRAFT: "quiet",
    ProposalState.SUBMITTED: "",
    ProposalState.ANSWERED: "good",
    ProposalState.WITHDRAWN: "quiet",
}
OUTCOMES: dict[str, Any] = {
    Outcome.ADOPTED: _l("Adopted"),
    Outcome.PARTLY_ADOPTED: _l("Partly adopted"),
    Outcome.NOT_ADOPTED: _l("Not adopted"),
    Outcome.OUT_OF_SCOPE: _l("Out of scope"),
    Outcome.MERGED: _l("Merged with others"),
    Outcome.SPLIT: _l("Carried on in parts"),
}
OUTCOME_HINTS: dict[str, Any] = {
    Outcome.ADOPTED: _l("The city will do it."),
    Outcome.PARTLY_ADOPTED: _l("The city will do a part of it; the reason says which."),
    Outcome.NOT_ADOPTED: _l("The city will not do it; the reason says why."),
    Outcome.OUT_OF_SCOPE: _l("This process cannot decide it; the reason says who can."),
    Outcome.MERGED: _l("The city answers what came of it."),
    Outcome.SPLIT: _l("The city answers each of its parts."),
}
OUTCOME_MARKS: dict[str, str] = {
    Outcome.ADOPTED: "good",
    Outcome.PARTLY_ADOPTED: "good",
    Outcome.NOT_ADOPTED: "quiet",
    Outcome.OUT_OF_SCOPE: "quiet",
    Outcome.MERGED: "quiet",
    Outcome.SPLIT: "quiet",
}
LISTED_STATES: dict[str, Any] = {
    ProposalState.SUBMITTED: STATES[ProposalState.SUBMITTED],
    ProposalState.ANSWERED: STATES[ProposalState.ANSWERED],
    **OUTCOMES,
    ProposalState.WITHDRAWN: STATES[ProposalState.WITHDRAWN],
}
PROPOSERS: dict[str, Any] = {"resident": _l("Residents"), **SECTORS}

VERSION_FIELDS: dict[str, Any] = {
    "title": _l("Title"),
    "summary": _l("In short"),
    "body": _l("More about it"),
    "place": _l("Place"),
    "kind": _l("Kind"),
    "level": _l("Level"),
    "objectives": _l("Serves"),
    "areas": _l("What is done"),
    "dimensions": _l("Effect on the city"),
    "for_whom": _l("For whom"),
    "cost": _l("Cost"),
    "language": _l("Language of the text"),
    "fields": _l("What this process asks as well"),
    "district": _l("District"),
    "point": _l("Point on the map"),
    "needs": _l("Needs that it answers"),
    "assets": _l("Assets on which it builds"),
}
AMENDED: dict[str, Any] = {AmendedField.SUMMARY: _l("the short text"), AmendedField.BODY: _l("the long text")}
AMENDMENT_STATES: dict[str, Any] = {
    AmendmentState.PROPOSED: _l("Waits for the authors"),
    AmendmentState.ACCEPTED: _l("Taken over"),
    AmendmentState.DECLINED: lazy_pgettext("change", "Declined"),
    AmendmentState.WITHDRAWN: _l("Withdrawn"),
}
AMENDMENT_MARKS: dict[str, str] = {
    AmendmentState.PROPOSED: "open",
    AmendmentState.ACCEPTED: "good",
    AmendmentState.DECLINED: "low",
    AmendmentState.WITHDRAWN: "quiet",
}
CO_AUTHOR_STATES: dict[str, Any] = {
    CoAuthorState.INVITED: _l("Has not answered yet"),
    CoAuthorState.ACCEPTED: _l("Writes along"),
    CoAuthorState.DECLINED: _l("Declined"),
    CoAuthorState.WITHDRAWN: _l("Invitation taken back"),
    CoAuthorState.LEFT: _l("Has left"),
}
VERSION_ROLES: dict[str, Any] = {
    "resident": _l("by a resident"),
    "delegate": _l("by a delegate"),
    "clerk": _l("by a clerk"),
    "coordinator": _l("by the city"),
}
FIGURES: dict[str, Any] = {
    "proposals": _l("Proposals"),
    "supports": _l("Supporters"),
    "comments": _l("Comments"),
    "participants": _l("Participants"),
    "interventions": _l("Spoken contributions"),
}
"""What cities publish of a plan's actions."""
FIELD_KINDS: dict[str, Any] = {
    FieldKind.SHORT_TEXT: _l("A line of text"),
    FieldKind.LONG_TEXT: _l("A longer text"),
    FieldKind.NUMBER: _l("A whole number"),
    FieldKind.CHOICE: _l("One of several choices"),
    FieldKind.CHOICES: _l("Any of several choices"),
    FieldKind.DATE: _l("A day"),
    FieldKind.YES_NO: _l("Yes or no"),
}
FIELD_KIND_HINTS: dict[str, Any] = {
    FieldKind.SHORT_TEXT: _l("A name, a street, an address on the web: up to 200 characters."),
    FieldKind.LONG_TEXT: _l("Some sentences: up to 4,000 characters."),
    FieldKind.NUMBER: _l("How many people, rooms, square metres."),
    FieldKind.CHOICE: _l("From two to thirty, of which one fits."),
    FieldKind.CHOICES: _l("From two to thirty, of which several may fit."),
    FieldKind.DATE: _l("In the reader’s calendar."),
    FieldKind.YES_NO: _l("Answering is optional unless you say otherwise."),
}
REGROUPING_STATES: dict[str, Any] = {
    RegroupingState.ASKED: _l("Authors are asked"),
    RegroupingState.DONE: _l("Done"),
    RegroupingState.DROPPED: _l("Given up"),
}
REGROUPING_MARKS: dict[str, str] = {
    RegroupingState.ASKED: "open",
    RegroupingState.DONE: "good",
    RegroupingState.DROPPED: "quiet",
}
DISSENT_ABOUT: dict[str, Any] = {
    DissentAbout.ANSWER: _l("On the answer to"),
    DissentAbout.MERGE: _l("On merging or splitting"),
    DissentAbout.DECISION: _l("On the decision"),
    DissentAbout.PROCESS: _l("On the process as a whole"),
}
FEASIBILITIES: dict[str, Any] = {
    Feasibility.FEASIBLE: _l("It can be done"),
    Feasibility.WITH_CHANGES: _l("It can be done with changes"),
    Feasibility.NOT_FEASIBLE: _l("It cannot be done"),
}
