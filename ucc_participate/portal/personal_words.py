"""Words of every domain for the values in a person's own data (accounts/readable.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from ..assisted import wording as assisted
from ..commitments import wording as commitments
from ..deliberation import wording as deliberation
from ..dossier import wording as dossier
from ..eligibility.wording import METHODS
from ..inventory import wording as inventory
from ..meetings import wording as meetings
from ..moderation import wording as moderation
from ..opinions import wording as opinions
from ..outreach import wording as outreach
from ..partners import wording as partners
from ..plan import wording as plan
from ..processes import wording as processes
from ..proposals import wording as proposals
from ..readiness import wording as readiness
from ..representation import wording as representation
from ..resources import wording as resources
from ..sharing import wording as sharing
from ..stakeholders import wording as stakeholders
from ..vocabularies.uccn import AREAS, BENEFICIARIES, CREATIVE_FIELDS, DIMENSIONS, OBJECTIVES, SECTORS
from ..voting import rule_words
from ..voting import wording as voting


def _titles(words: Mapping[Any, rule_words.Words]) -> dict[str, Any]:
    return {str(choice): each.title for choice, each in words.items()}


GROUPS = {**meetings.GROUPS, **representation.GROUPS, **voting.GROUPS, **outreach.GROUPS}
BALLOTS = _titles(rule_words.BALLOTS)
COUNTING = _titles(rule_words.METHODS)
TIES = _titles(rule_words.TIES)
ENDORSED = {"given": _l("Given"), "withdrawn": _l("Taken back")}
QUESTIONS = {"asked": _l("Asked"), "retired": _l("Asked no more")}
PROPOSERS = {"resident": _l("Resident"), "organisation": _l("Organisation")}

PERSONAL_WORDS: dict[str, Mapping[Any, Any]] = {
    "amendment.status": proposals.AMENDMENT_STATES,
    "amendments.state": proposals.AMENDMENT_STATES,
    "answer": opinions.ANSWERS,
    "answered_through": processes.WAYS_IN,
    "appraisal.feasibility": proposals.FEASIBILITIES,
    "areas": AREAS,
    "assisted.state": assisted.STATES,
    "channel": processes.CHANNELS,
    "coauthor.state": proposals.CO_AUTHOR_STATES,
    "coauthor.status": proposals.CO_AUTHOR_STATES,
    "comment.stance": deliberation.STANCES,
    "comment.status": deliberation.STATES,
    "comment.voice": deliberation.VOICES,
    "comments.stance": deliberation.STANCES,
    "comments.state": deliberation.STATES,
    "counted": outreach.COUNTED,
    "counts_as": stakeholders.COUNTED_AS,
    "creative_field": CREATIVE_FIELDS,
    "creative_fields": CREATIVE_FIELDS,
    "dimensions": DIMENSIONS,
    "answer.state": dossier.STATES,
    "dossier.purpose": dossier.PURPOSES,
    "dossier.status": dossier.DOSSIER_STATES,
    "dossier.submits_in": dossier.LANGUAGES,
    "dossier_texts.state": dossier.STATES,
    "form_version.purpose": dossier.PURPOSES,
    "dissent.about": proposals.DISSENT_ABOUT,
    "endorsement.status": ENDORSED,
    "for_whom": BENEFICIARIES,
    "franchise": voting.FRANCHISES,
    "gate": processes.GATES,
    "group": GROUPS,
    "inventory.kind": inventory.KINDS,
    "inventory.state": inventory.STATES,
    "inventory.status": inventory.STATES,
    "invitations.state": processes.INVITATION_STATES,
    "commitment.kind": commitments.KINDS,
    "commitment.status": commitments.STATES,
    "conference.attendance": commitments.ATTENDANCE,
    "cooperation": partners.COOPERATION,
    "country": partners.COUNTRIES,
    "attachment.section": {code: title for code, (title, _hint) in readiness.OWN.items()},
    "deadline.step": readiness.STEPS,
    "exchange.direction": sharing.DIRECTIONS,
    "exchange.kind": sharing.KINDS,
    "expected": plan.EXPECTED,
    "frequency": plan.FREQUENCIES,
    "beneficiaries": BENEFICIARIES,
    "initiative.direction": plan.PARTICULAR_CHOICES["direction"],
    "initiative.kind": {**plan.KINDS, **plan.INDICATOR_KINDS},
    "initiative.level": {**plan.PARTICULAR_CHOICES["level"], **plan.LEVELS},
    "initiative.mode": plan.PARTICULAR_CHOICES["mode"],
    "initiative.origin": plan.ORIGINS,
    "initiative.sdgs": plan.SDGS,
    "initiative.status": plan.INITIATIVE_STATES,
    "plan.calendar": plan.CALENDARS,
    "plan.status": plan.PLAN_STATES,
    "plan.vocabulary": plan.VOCABULARIES,
    "plan_version.stage": plan.STAGES,
    "practice.status": sharing.STATES,
    "partner_city.status": partners.STATES,
    "resource.certainty": resources.CERTAINTIES,
    "resource.kind": resources.KINDS,
    "label_id": {**GROUPS, **SECTORS},
    "level": proposals.LEVELS,
    "meeting.mode": meetings.MODES,
    "meeting.status": meetings.STATES,
    "meetings.kind": meetings.VOICES,
    "meetings.state": meetings.REGISTRATIONS,
    "method": METHODS,
    "methods": METHODS,
    "minutes.state": meetings.MINUTES_STATES,
    "minutes_voice.kind": meetings.VOICES,
    "newsletter.kind": outreach.SEGMENT_KINDS,
    "nomination.outcome": stakeholders.OUTCOMES,
    "objectives": OBJECTIVES,
    "outreach.kind": outreach.ACTIVITY_KINDS,
    "process.kind": processes.PHASE_KINDS,
    "process.status": processes.STATES,
    "promise_level": processes.PROMISE_LEVELS,
    "proofs.way": METHODS,
    "proposal.kind": proposals.KINDS,
    "proposal.outcome": proposals.OUTCOMES,
    "proposal.status": proposals.STATES,
    "proposal_field.kind": proposals.FIELD_KINDS,
    "proposal_field.state": QUESTIONS,
    "proposals.state": proposals.STATES,
    "proposer": PROPOSERS,
    "size": stakeholders.SIZES,
    "stage": representation.STAGES,
    "stakeholder.status": processes.INVITATION_STATES,
    "standing": moderation.STANDINGS,
    "subtype": stakeholders.KINDS,
    "tags": GROUPS,
    "vote.ballot": BALLOTS,
    "vote.method": COUNTING,
    "vote.status": voting.STATES,
    "vote.completion": _titles(rule_words.COMPLETIONS),
    "vote.decides": _titles(rule_words.DECIDERS),
    "vote.order": _titles(rule_words.ORDERS),
    "vote.satisfaction": _titles(rule_words.SATISFACTIONS),
    "vote.tie": TIES,
    "vote.transfer": _titles(rule_words.TRANSFERS),
    "way_in": processes.WAYS_IN,
    "written_along.state": proposals.CO_AUTHOR_STATES,
    "written_down.state": assisted.STATES,
}
