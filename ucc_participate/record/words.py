"""Headings and sentences of the PDF."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext


def words() -> dict[str, str]:
    """Keys as report.typ names them, in the language in force."""
    return {
        "record": _("Participation record"),
        "candidate": _("candidate for the UNESCO Creative Cities Network"),
        "check_yourself": _("Check it yourself"),
        "check_words": _(
            "The whole record with its audit trail, and the program that verifies it, lie here for everybody:"
        ),
        "contents": _("Contents"),
        "promised": _("What was promised"),
        "promise": _("The city’s promise"),
        "timetable": _("Timetable"),
        "phase": _("Phase"),
        "from": _("From"),
        "to": _("Until"),
        "documents": _("Documents that lay open"),
        "document": _("Document"),
        "overrides": _("Gates passed with a published reason"),
        "presence": _("Who took part"),
        "presence_words": _(
            "Counted from the acts in the log; nobody typed these numbers in. The mark on a bar is the "
            "target that was set before the process opened."
        ),
        "group": _("Group"),
        "hidden_words": _(
            "Groups under five people are hidden, and with them the numbers that would give them away. "
            "Sex and age are what people chose to say of themselves."
        ),
        "proposals": _("Proposals and answers"),
        "not_answered": _("Not answered when this record was made."),
        "results": _("Votes and results"),
        "no_votes": _("No vote was held."),
        "rank": _("Rank"),
        "option": _("Option"),
        "votes_word": pgettext("how many", "Votes"),
        "chosen": _("Chosen"),
        "yes": _("yes"),
        "stakeholders": _("Stakeholders invited"),
        "organisation": _("Organisation"),
        "kind": _("Kind"),
        "state": _("State"),
        "verify": _("How to verify this record"),
        "verify_words": _(
            "Fetch record.zip from the address on the first page. Get the verification key from "
            "somebody who is not the city: the National Commission, the press, a stakeholder. Then run "
            "the program below; it needs Python and nothing else. It recomputes the log, opens every "
            "payload, recounts every vote and compares every table."
        ),
        "fact": _("Seal"),
        "value": _("Value"),
        "events": _("What the log holds"),
        "event": _("Event"),
        "number": pgettext("how many", "Number"),
        "limits": _("What this record cannot prove"),
        "limits_words": _("An honest record says where its proof ends."),
    }
