"""What happens to people, money and bodies, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class ResourceEvent(AuditEvent):
    """People and money by year: each entry carries the whole state, with the files that prove it."""

    RECORDED = "resource.recorded", _l("The city wrote down people or money for the plan.")
    VOIDED = "resource.voided", _l("People or money written down for the plan do not count any more.")


class BodyEvent(AuditEvent):
    """Bodies that manage the plan: members as functions and sectors, never by name."""

    SET = "management_body.set", _l("A body that manages the plan was set up or changed.")
