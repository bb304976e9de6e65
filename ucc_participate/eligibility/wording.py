"""How ways, standings and rules are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.i18n import lazy_number
from .models import Method, Rules, Standing

METHODS: dict[Method, Any] = {
    Method.LIST: _l("A number on the city’s list"),
    Method.CODE: _l("A personal code from a letter"),
    Method.SMS: _l("A code sent to your telephone"),
    Method.CLERK: _l("A clerk at the city’s counter"),
}
METHOD_HINTS: dict[Method, Any] = {
    Method.LIST: _l(
        "People type a number that stands on a list which you upload: a census extract, a register of members."
    ),
    Method.CODE: _l("You print codes and send them by post, or hand them out. Each works once."),
    Method.SMS: _l("One telephone proves one account. It shows that a person has a telephone, not where they live."),
    Method.CLERK: _l(
        "People bring a paper to the counter; the clerk looks at it and notes that it was seen, nothing of it."
    ),
}
STANDINGS: dict[Standing, Any] = {
    Standing.ELIGIBLE: _l("You may vote here."),
    Standing.OPEN: _l("Everybody with an account may vote here."),
    Standing.UNVERIFIED: _l("You have not proved yet that you may vote."),
    Standing.AGE_UNKNOWN: _l("Your year of birth is missing."),
    Standing.TOO_YOUNG: _l("You are younger than the least age."),
    Standing.NEEDS_GUARDIAN: _l("Your mother, father or guardian must agree before a clerk."),
}

STAFF_STANDINGS: dict[Standing, Any] = {
    Standing.ELIGIBLE: _l("May vote"),
    Standing.OPEN: _l("May vote: nobody is checked"),
    Standing.UNVERIFIED: _l("Has not proved it yet"),
    Standing.AGE_UNKNOWN: _l("Year of birth is missing"),
    Standing.TOO_YOUNG: _l("Too young"),
    Standing.NEEDS_GUARDIAN: _l("A guardian must agree"),
}


def rules_in_words(rules: Rules) -> list[Any]:
    """The rules as short sentences, for everybody."""
    if not rules.is_checked:
        return [_("Everybody who has an account may vote. Nobody is checked.")]
    sentences = [_("Whoever votes has proved once that they may.")]
    if rules.min_age is not None:
        sentences.append(_("Whoever turns %(age)s this year, or is older, may vote.", age=lazy_number(rules.min_age)))
    if rules.guardian_below is not None:
        sentences.append(
            _("For whoever is under %(age)s a guardian must agree.", age=lazy_number(rules.guardian_below))
        )
    return sentences
