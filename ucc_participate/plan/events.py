"""What happens to the action plan, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class PlanEvent(AuditEvent):
    """Before the plan is public its entries are empty: drafts are nobody's business. Then they hold all."""

    BEGUN = "plan.begun", _l("The city began its action plan.")
    REVISED = "plan.revised", _l("The action plan as a whole was changed.")
    CONSULTED = "plan.consulted", _l("The draft of the action plan was laid open for comments.")
    FROZEN = "plan.frozen", _l("The action plan was frozen.")
    UNFROZEN = "plan.unfrozen", _l("The action plan was taken up again.")


class InitiativeEvent(AuditEvent):
    """One initiative, with its costs, partners, indicators and the proposals that it was made from."""

    ADDED = "initiative.added", _l("An initiative was added to the action plan.")
    REVISED = "initiative.revised", _l("An initiative of the action plan was changed.")
    DROPPED = "initiative.dropped", _l("An initiative was dropped from the action plan, with a reason.")
    RESTORED = "initiative.restored", _l("A dropped initiative was taken back into the action plan, with a reason.")


class PlanVersionEvent(AuditEvent):
    """A version of the whole plan that never changes again."""

    FIXED = "plan_version.fixed", _l("A version of the action plan was fixed.")
