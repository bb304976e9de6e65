"""Events of the register of stakeholders."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class OrganisationEvent(AuditEvent):
    """What happens to an entry of the register."""

    REGISTERED = "organisation.registered", _l("An organisation entered the register of stakeholders.")
    REVISED = "organisation.revised", _l("The entry of an organisation was revised.")
    QUORUM_SET = "organisation.quorum_set", _l("It was set how many delegates must agree on an organisation’s ballot.")
    KEPT_APART = "organisation.kept_apart", _l("Two entries of the register look alike and are two organisations.")
    MERGED = "organisation.merged", _l("Two entries of the register were one organisation, and were merged.")


class RegisterImportEvent(AuditEvent):
    """A whole table carried out at once. What it did to each organisation stands in an entry of its own."""

    CARRIED_OUT = "register_import.carried_out", _l("A table of organisations was taken into the register.")


class OrganisationTagEvent(AuditEvent):
    """What happens to the words by which organisations are found and counted."""

    ADDED = "organisation_tag.added", _l("A word for kinds of organisations was added to the register.")


class NominationEvent(AuditEvent):
    """Organisations that people miss in the register. Names of organisations are told with the answer."""

    SUBMITTED = "nomination.submitted", _l("Somebody named an organisation that the register lacks.")
    REPEATED = "nomination.repeated", _l("An organisation that the register lacks was named once more.")
    ANSWERED = "nomination.answered", _l("The city answered whether an organisation belongs in the register.")


class DelegateEvent(AuditEvent):
    """Who may speak for an organisation. Names of delegates and words of mandates stay out of the log."""

    GRANTED = "delegate.granted", _l("Somebody was given the mandate to speak for an organisation.")
    REVOKED = "delegate.revoked", _l("A mandate to speak for an organisation was withdrawn.")
