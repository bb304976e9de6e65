"""How the states and kinds of this domain are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from .models import Channel, Gate, InvitationState, PhaseKind, ProcessState, PromiseLevel, WayIn

PHASE_KINDS: dict[PhaseKind, Any] = {
    PhaseKind.INVITE: _l("Invitation"),
    PhaseKind.PROPOSE: _l("Proposals"),
    PhaseKind.DISCUSS: _l("Discussion"),
    PhaseKind.ANSWER: _l("Answers"),
    PhaseKind.VOTE: _l("Vote"),
    PhaseKind.REPORT: _l("Results"),
}
PHASE_HINTS: dict[PhaseKind, Any] = {
    PhaseKind.INVITE: _l("The city invites stakeholders and publishes the documents."),
    PhaseKind.PROPOSE: _l("Everybody can hand in proposals and comment on them."),
    PhaseKind.DISCUSS: _l("The proposals are discussed; no new ones are taken."),
    PhaseKind.ANSWER: _l("The city answers every proposal."),
    PhaseKind.VOTE: _l("Residents and organisations vote."),
    PhaseKind.REPORT: _l("The city publishes the results and the record."),
}
STATES: dict[ProcessState, Any] = {
    ProcessState.DRAFT: _l("Draft"),
    ProcessState.PUBLISHED: _l("Announced"),
    ProcessState.OPEN: _l("Open"),
    ProcessState.CLOSED: _l("Closed"),
}
PROMISE_LEVELS: dict[PromiseLevel, Any] = {
    PromiseLevel.INFORM: _l("Inform"),
    PromiseLevel.CONSULT: _l("Consult"),
    PromiseLevel.INVOLVE: _l("Involve"),
    PromiseLevel.COLLABORATE: _l("Collaborate"),
    PromiseLevel.EMPOWER: _l("Empower"),
}
PROMISE_MEANINGS: dict[PromiseLevel, Any] = {
    PromiseLevel.INFORM: _l("The city tells you what it plans and answers questions."),
    PromiseLevel.CONSULT: _l("The city asks for your views and says what became of them."),
    PromiseLevel.INVOLVE: _l("The city works with you throughout and weighs your concerns in every draft."),
    PromiseLevel.COLLABORATE: _l("The city drafts the plan together with you."),
    PromiseLevel.EMPOWER: _l("What you decide is carried out."),
}
CHANNELS: dict[Channel, Any] = {
    Channel.LETTER: _l("By letter"),
    Channel.EMAIL: _l("By e-mail"),
    Channel.PHONE: _l("By telephone"),
    Channel.VISIT: _l("By a visit"),
    Channel.MEETING: _l("At a meeting"),
    Channel.POSTER: _l("By a poster"),
    Channel.RADIO: _l("On the radio"),
    Channel.OTHER: _l("In another way"),
}
WAYS_IN: dict[WayIn, Any] = {
    WayIn.INTERNET: _l("On the internet"),
    WayIn.PAPER: _l("On paper"),
    WayIn.WORKSHOP: _l("In a workshop"),
    WayIn.PHONE: _l("By telephone"),
    WayIn.COUNTER: _l("At the city’s counter"),
}
INVITATION_STATES: dict[InvitationState, Any] = {
    InvitationState.INVITED: _l("Invited"),
    InvitationState.ANSWERED: _l("Takes part"),
    InvitationState.DECLINED: _l("Declined"),
}
GATES: dict[Gate, Any] = {
    Gate.SECTOR_INVITED: _l("Every sector has been invited"),
    Gate.SECTOR_PARTICIPATED: _l("Every sector takes part"),
    Gate.ALL_ANSWERED: _l("Every proposal has its answer"),
}
REQUIREMENTS: dict[str, Any] = {
    "creative_field": _l("Creative field"),
    "purpose": _l("Purpose"),
    "scope": _l("Scope"),
    "open_questions": _l("What can still change"),
    "promise_level": _l("Level of the promise"),
    "promise": _l("The promise in your words"),
    "answers_due_at": _l("Last day on which answers are given, after the last proposal"),
    "decision_maker": _l("Who decides"),
    "responsible": _l("Responsible person"),
    "timetable": _l("Timetable"),
    "open_time": _l("Enough days for proposals and discussion from today on"),
    "documents": _l("At least one document"),
}
TARGETS: dict[str, Any] = {
    "sex:female": _l("Women among the participants"),
    "age:under_30": _l("Participants under 30"),
    "sector:public": _l("Organisations of the public sector"),
    "sector:private": _l("Organisations of the private sector"),
    "sector:civil_society": _l("Organisations of civil society"),
    "womens_group": _l("Women’s groups"),
    "youth_group": _l("Youth groups"),
}
