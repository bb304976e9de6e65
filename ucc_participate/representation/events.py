"""Events of the figures on who takes part, and of what they are measured against."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class FiguresEvent(AuditEvent):
    PUBLISHED = "figures.published", _l("The figures on who took part were published."), True


class PopulationEvent(AuditEvent):
    ADDED = "population.added", _l("A table of the city’s population was added.")


class YardstickEvent(AuditEvent):
    CHOSEN = "yardstick.chosen", _l("It was fixed against which population table the process is measured.")
