"""Events of eligibility: rules, lists and codes are public acts; who proved what stays out of the log."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent

ACT = "ucc.eligibility_act/1"
"""Schema of entries about a process that are no state of its rules: the drift check leaves them alone."""


class EligibilityEvent(AuditEvent):
    """What the city fixes and hands out for one process."""

    SET = "eligibility.set", _l("It was fixed who may vote and how that is checked."), True
    LIST_UPLOADED = "eligibility.list_uploaded", _l("A list of people who may vote was uploaded.")
    LIST_WITHDRAWN = "eligibility.list_withdrawn", _l("A list of people who may vote was withdrawn.")
    CODES_ISSUED = "eligibility.codes_issued", _l("Personal codes were issued.")
    CODES_WITHDRAWN = "eligibility.codes_withdrawn", _l("Personal codes that nobody had used were withdrawn.")
    GUARDIAN_CONSENTED = "eligibility.guardian_consented", _l("A guardian agreed that a minor takes part.")


class VerificationEvent(AuditEvent):
    """What one account proved; the payload names the way and nothing else."""

    VERIFIED = "account.verified", _l("Somebody proved that they may take part.")
    REVOKED = "account.verification_revoked", _l("A proof of eligibility was revoked, with a reason.")
