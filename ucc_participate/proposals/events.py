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
    CONCEALED = "proposal.concealed", _l("A proposal was withheld from the public by moderation.")
    SHOWN = "proposal.shown", _l("A proposal that had been withheld by moderation was shown.")
    ANSWERED = "proposal.answered", _l("The city answered a proposal.")
    ANSWER_CORRECTED = "proposal.answer_corrected", _l("The city corrected its answer to a proposal.")
