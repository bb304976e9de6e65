"""What happens to accounts, as the log writes it. No entry names a person or an address."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class AccountEvent(AuditEvent):
    """Subject ``account/<pseudonym>``, never within a process."""

    CREATED = "account.created", _l("Somebody opened an account.")
    UPDATED = "account.updated", _l("Somebody changed their account.")
    SIGN_IN_METHOD_CHANGED = "account.signed_in_method_changed", _l("Somebody changed how they sign in.")
    CONSENT_GIVEN = "consent.given", _l("Somebody agreed to the terms.")
    ROLE_GRANTED = "role.granted", _l("Somebody was given a role.")
    ROLE_REVOKED = "role.revoked", _l("Somebody’s role ended.")


class PersonalDataEvent(AuditEvent):
    """What staff and the clock do with personal data; never within a process."""

    READ = "personal_data.read", _l("Somebody of the city’s staff looked at personal data.")
    RETENTION_EXECUTED = "retention.executed", _l("Personal data was removed because its time was over.")
