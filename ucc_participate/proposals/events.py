"""What happens to proposals, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class ProposalEvent(AuditEvent):
    """Drafts are nobody's business: their entries are empty. All others carry the whole public state."""

    DRAFTED = "proposal.drafted", _l("Somebody began a draft.")
    REVISED = "proposal.revised", _l("A draft was changed or thrown away.")
    SUBMITTED = "proposal.submitted", _l("A proposal was sent to the city.")
    WITHDRAWN = "proposal.withdrawn", _l("A proposal was withdrawn by its author.")
    CORRECTED = "proposal.corrected", _l("A proposal that a clerk had written down was put right.")
    IMPORTED = "proposal.imported", _l("A proposal was taken over from another process.")
    ANSWERED = "proposal.answered", _l("The city answered a proposal.")
    ANSWER_CORRECTED = "proposal.answer_corrected", _l("The city corrected its answer to a proposal.")


class FieldEvent(AuditEvent):
    """What a process asks of its proposals beside what every process asks."""

    ADDED = "proposal_field.added", _l("A question was added to the form of proposals.")
    REVISED = "proposal_field.revised", _l("A question of the form of proposals was changed.")
    RETIRED = "proposal_field.retired", _l("A question of the form of proposals is asked no more.")
    RESUMED = "proposal_field.resumed", _l("A question of the form of proposals is asked again.")
    REMOVED = (
        "proposal_field.removed",
        _l("A question that nobody had answered was removed from the form of proposals."),
    )


class DistrictMapEvent(AuditEvent):
    """The map by which places become districts."""

    ADDED = "district_map.added", _l("A map of the city’s districts was brought.")
