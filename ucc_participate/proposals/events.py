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
    MERGED = "proposal.merged", _l("A proposal was merged with others.")
    SPLIT = "proposal.split", _l("A proposal was split into several.")
    FORMED = "proposal.formed", _l("A proposal was formed out of others.")


class RegroupingEvent(AuditEvent):
    """What was asked of authors before their proposals were merged or split."""

    ASKED = "regrouping.asked", _l("Authors were asked whether their proposals may be merged or split.")
    AGREED = "regrouping.agreed", _l("An author agreed that proposals are merged or split.")
    DECLINED = "regrouping.declined", _l("An author did not agree that proposals are merged or split.")
    CARRIED_OUT = "regrouping.carried_out", _l("Proposals were merged or split.")
    DROPPED = "regrouping.dropped", _l("The city gave up merging or splitting proposals.")


class LineageEvent(AuditEvent):
    """One edge: what came from what."""

    RECORDED = "lineage.recorded", _l("It was recorded which proposal came from which.")


class AppraisalEvent(AuditEvent):
    """Of what staff finds out the log says only that it was done, until a summary is published."""

    RULES_SET = "appraisal.rules_set", _l("It was set how proposals are appraised.")
    ASSIGNED = "appraisal.assigned", _l("Somebody of the staff was given a proposal to appraise.")
    RELEASED = "appraisal.released", _l("A task of appraising was taken back.")
    WRITTEN = "appraisal.written", _l("The staff wrote about a proposal, for itself.")
    SCORED = "appraisal.scored", _l("Somebody of the staff scored a proposal.")
    EXCLUDED = "appraisal.excluded", _l("Somebody of the staff took no part in an appraisal because of a conflict.")
    PUBLISHED = "appraisal.published", _l("The summary of an appraisal was published.")


class DissentEvent(AuditEvent):
    """Minority statements: kept as they were written."""

    FILED = "dissent.filed", _l("Somebody filed a minority statement.")
    WITHDRAWN = "dissent.withdrawn", _l("A minority statement was marked as withdrawn by its author.")
    HIDDEN = "dissent.hidden", _l("A moderator hid an unlawful minority statement.")
    SHOWN = "dissent.shown", _l("A hidden minority statement is shown again.")
