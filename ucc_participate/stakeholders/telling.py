"""What became of a row, in the reader's language: the codes that are kept, as sentences that name the cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.i18n import digits, number, reader
from ..vocabularies.uccn import CREATIVE_FIELDS, SECTORS, Labels
from .columns import HEADERS
from .models import Fate, RegisterImportRow
from .wording import KINDS, LIKENESS, SIZES

FATES: Labels = {
    Fate.REFUSED.value: _l("Cannot be taken"),
    Fate.ALIKE.value: _l("Probable duplicate"),
    Fate.DOUBLE.value: _l("Twice in the table"),
    Fate.MERGED.value: _l("Merged earlier"),
    Fate.CHANGED.value: _l("Changes"),
    Fate.NEW.value: _l("New"),
    Fate.UNCHANGED.value: _l("Unchanged"),
}
DONE: Labels = {**FATES, Fate.CHANGED.value: _l("Changed"), Fate.NEW.value: _l("Is entered")}
KIND_OF: Mapping[str, str] = {
    Fate.REFUSED.value: "low",
    Fate.ALIKE.value: "open",
    Fate.DOUBLE.value: "open",
    Fate.MERGED.value: "quiet",
    Fate.CHANGED.value: "good",
    Fate.NEW.value: "good",
    Fate.UNCHANGED.value: "quiet",
}
_LABELS: Mapping[str, Labels] = {
    "sector": SECTORS,
    "subtype": KINDS,
    "creative_fields": CREATIVE_FIELDS,
    "size": SIZES,
}


def sentences(row: RegisterImportRow, tags: Mapping[str, str]) -> list[str]:
    """Why, cell by cell; ``tags``: titles by code."""
    return [str(_sentence(said, tags)) for said in row.says]


def _sentence(said: Mapping[str, Any], tags: Mapping[str, str]) -> Any:
    code = said["code"]
    if code == "changes":
        return _change(said, tags)
    if code == "double":
        return _("The same organisation stands in row %(row)s already. That row counts.", row=_digits(said["row"]))
    if code == "merged":
        return _("This entry was merged into “%(name)s”. Nothing is changed.", name=said["name"])
    if code == "alike":
        return _alike(said)
    return _("%(column)s: %(says)s", column=HEADERS[said["column"]], says=_fault(code, said))


def _fault(code: str, said: Mapping[str, Any]) -> Any:
    typed = said.get("typed", "")
    if code == "missing":
        return _("is missing.")
    if code == "too_long":
        return _("is too long: at most %(most)s characters.", most=number(said["most"], locale=reader().locale))
    if code == "no_address":
        return _("is no address. Check how it is written.")
    if code == "unknown_id":
        return _("no entry has the id “%(typed)s”. Leave the cell empty to enter a new organisation.", typed=typed)
    if code == "several":
        return _("the register has several entries of this name. Write the id of the one that is meant.")
    if code == "other_sector":
        return _("“%(typed)s” does not belong to this sector.", typed=KINDS.get(typed, typed))
    return _("“%(typed)s” is not on the list.", typed=typed)


def _change(said: Mapping[str, Any], tags: Mapping[str, str]) -> Any:
    column = HEADERS[said["column"]]
    if "new" not in said:
        return _("%(column)s is changed.", column=column)
    old, new = (_plain(said["column"], said[when], tags) for when in ("old", "new"))
    return _("%(column)s: “%(new)s” in place of “%(old)s”", column=column, new=new, old=old)


def _plain(column: str, value: Any, tags: Mapping[str, str]) -> str:
    labels = tags if column == "tags" else _LABELS.get(column, {})
    comma = "، " if reader().locale == "fa" else ", "
    values = value if isinstance(value, list) else [value]
    return comma.join(str(labels.get(each, each)) for each in values if each) or "–"


def _alike(said: Mapping[str, Any]) -> Any:
    comma = "، " if reader().locale == "fa" else ", "
    reasons = comma.join(str(LIKENESS[reason]) for reason in said["reasons"])
    if "row" in said:
        return _(
            "Looks like “%(name)s” in row %(row)s (%(reasons)s).",
            name=said["name"],
            row=_digits(said["row"]),
            reasons=reasons,
        )
    return _("Looks like “%(name)s” in the register (%(reasons)s).", name=said["name"], reasons=reasons)


def _digits(row: int) -> str:
    return digits(str(row), locale=reader().locale)
