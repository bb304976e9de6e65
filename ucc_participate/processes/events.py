"""Events of participation processes."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class ProcessEvent(AuditEvent):
    """What the city does with a process as a whole."""

    CREATED = "process.created", _l("A participation process was drafted.")
    REVISED = "process.revised", _l("The description of the process was revised.")
    PUBLISHED = "process.published", _l("The process was published."), True
    OPENED = "process.opened", _l("The process was opened."), True
    PHASE_EXTENDED = "process.phase_extended", _l("A phase was extended."), True
    CLOSED = "process.closed", _l("The process was closed."), True


class GateEvent(AuditEvent):
    """Where the process went on although something was missing."""

    OVERRIDDEN = "gate.overridden", _l("A gate was passed although something was missing, with a public reason."), True


class StakeholderEvent(AuditEvent):
    """The invitation of an organisation, and what became of it."""

    INVITED = "stakeholder.invited", _l("An organisation was invited.")
    REMINDED = "stakeholder.reminded", _l("An invited organisation that had not answered was reminded.")
    OPENED = "stakeholder.opened", _l("An invited organisation read its invitation.")
    ANSWERED = "stakeholder.answered", _l("An invited organisation said that it takes part.")
    DECLINED = "stakeholder.declined", _l("An invited organisation declined.")
    MERGED = "stakeholder.merged", _l("An invited organisation was merged with another entry of the register.")
    NAMED = "stakeholder.named", _l("An invited organisation named somebody who shall speak for it.")
    ATTENDED = "stakeholder.attended", _l("An invited organisation came.")


class ParticipantEvent(AuditEvent):
    """The first act of a person in a process."""

    JOINED = "participant.joined", _l("Somebody took part in the process for the first time.")
