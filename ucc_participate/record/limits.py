"""What no record can prove, in the reader's language: the same points that verify.py prints in English."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l


def limits() -> list[Any]:
    return [
        _l("That a person is real, eligible, single or not under pressure."),
        _l("That something which never entered the log did not happen, or that statements in it are true."),
        _l(
            "That nobody who controls the roll used the slots of people who did not vote; the list of "
            "used slots is public."
        ),
        _l("Figures by sex and age: the log holds no personal data, they are the server’s statement."),
        _l("Anything before the first checkpoint that somebody outside the city has kept."),
    ]
