"""Whether others can check it all."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ...kernel.i18n import lazy_number
from ..facts import Facts
from .asking import (
    Finding,
    Theme,
    later,
    met,
    question,
    warning,
)


@question("P11", Theme.PROOF, _l("Is everything under a signed seal?"))
def everything_is_sealed(facts: Facts) -> Finding:
    says = _l(
        "%(sealed)s of %(size)s lines are under the newest seal.",
        sealed=lazy_number(facts.sealed_size),
        size=lazy_number(facts.log_size),
    )
    if facts.sealed_size == facts.log_size:
        return met(says)
    return warning(says, _l("A new seal comes within a minute. If it does not, the server’s jobs stand still."))


@question("P11", Theme.PROOF, _l("Does somebody outside the city hold a seal?"))
def somebody_outside_holds_a_seal(facts: Facts) -> Finding:
    return warning(
        _l("This server cannot know. Without it nobody can prove that the log is complete."),
        _l("Send today’s seal and the key to the National Commission, the council and a newspaper, each month anew."),
        "audit.index",
    )


@question("P13", Theme.PROOF, _l("Is the record published?"))
def the_record_is_published(facts: Facts) -> Finding:
    if not facts.is_closed:
        return later(_l("It is complete when the process is closed; until then it can be downloaded as it stands."))
    return met(_l("Everybody can download it at its stable address. Put the citation line into the application."))
