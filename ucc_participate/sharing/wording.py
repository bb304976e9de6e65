"""Names of what is given and taken, for people."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from ..processes.wording import PHASE_KINDS
from ..vocabularies import uccn
from .models import Direction, ExchangeKind, PracticeState

STATES = {
    PracticeState.DRAFT: _l("Draft"),
    PracticeState.PUBLISHED: lazy_pgettext("practice", "Published"),
    PracticeState.WITHDRAWN: _l("Withdrawn"),
}
PARTS = {
    "summary": _l("In two sentences"),
    "need": _l("Which need it answers"),
    "done": _l("What was done"),
    "means": _l("What it took: people, money, time"),
    "results": _l("What came of it, and how this is known"),
    "advice": _l("What another city should mind"),
}
KINDS = {
    ExchangeKind.VISIT: _l("Visit"),
    ExchangeKind.TRAINEES: _l("Exchange of trainees"),
    ExchangeKind.RESIDENCY: _l("Residency of artists"),
    ExchangeKind.JOINT_PROJECT: _l("Joint project"),
    ExchangeKind.ADVICE: lazy_pgettext("exchange", "Advice"),
    ExchangeKind.MATERIAL: _l("Material or equipment"),
    ExchangeKind.MEETING: lazy_pgettext("exchange", "Joint meeting"),
}
DIRECTIONS = {
    Direction.GIVEN: lazy_pgettext("exchange", "Given"),
    Direction.RECEIVED: lazy_pgettext("exchange", "Received"),
    Direction.MUTUAL: lazy_pgettext("exchange", "Both ways"),
}
OBJECTIVES, AREAS = uccn.OBJECTIVES, uccn.AREAS
PHASES = {kind.value: label for kind, label in PHASE_KINDS.items()}
"""By what stands in a file, which another release may have written."""
