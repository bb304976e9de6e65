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
    VERSION_PUBLISHED = (
        "proposal.version_published",
        _l("The authors of a proposal published a new version of its text."),
    )
    ANSWERED = "proposal.answered", _l("The city answered a proposal.")
    ANSWER_CORRECTED = "proposal.answer_corrected", _l("The city corrected its answer to a proposal.")
    MERGED = "proposal.merged", _l("A proposal was merged with others.")
    SPLIT = "proposal.split", _l("A proposal was split into several.")
    FORMED = "proposal.formed", _l("A proposal was formed out of others.")


class CoAuthorEvent(AuditEvent):
    """Who writes along on what was sent; of drafts the log says only that they were changed."""

    ASKED = "coauthor.asked", _l("An invitation to co-write was sent or settled.")
    JOINED = "coauthor.joined", _l("Somebody joined a proposal as co-author.")
    LEFT = "coauthor.left", _l("A co-author left a proposal.")


class EndorsementEvent(AuditEvent):
    """A resident's entries name no proposal, or a random name would tell an opinion; an organisation's are public."""

    GIVEN = "endorsement.given", _l("A proposal was endorsed.")
    WITHDRAWN = "endorsement.withdrawn", _l("An endorsement was withdrawn.")
    CARRIED_OVER = (
        "endorsement.carried_over",
        _l("An organisation’s endorsement counts for what its proposal was merged into."),
    )
    COUNTED = "endorsement_count.told", _l("The endorsements of a proposal were counted.")
    RULE_SET = "proposal_rule.set", _l("It was laid down how many endorsements a proposal needs.")


class AmendmentEvent(AuditEvent):
    """All carry the whole public state."""

    PROPOSED = "amendment.proposed", _l("Somebody proposed a change to the text of a proposal.")
    RENEWED = "amendment.renewed", _l("A proposed change was fitted to the newer text.")
    ACCEPTED = "amendment.accepted", _l("The authors took over a proposed change.")
    DECLINED = "amendment.declined", _l("The authors declined a proposed change.")
    WITHDRAWN = "amendment.withdrawn", _l("A proposed change was withdrawn.")
    LAPSED = "amendment.lapsed", _l("A proposed change lapsed: its proposal was merged or split.")
    CONCEALED = "amendment.concealed", _l("A proposed change was withheld from the public by moderation.")
    SHOWN = "amendment.shown", _l("A proposed change that had been withheld by moderation was shown.")


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
