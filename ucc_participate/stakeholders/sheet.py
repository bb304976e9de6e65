"""From a table of organisations to what each of its rows does to the register. Pure, and told again when asked again.

An empty cell leaves what is there, a dash takes it away. A row is about the entry of its id, or of exactly its name and
sector; a new organisation that looks like another entry waits until somebody says that it is another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from ..kernel.errors import Invalid
from ..kernel.forms.fields import web_address_of
from ..kernel.forms.validators import EmailAddress, WebAddress
from ..kernel.i18n import latin_digits, lazy_number
from ..kernel.tables import FORMULA, Row, Table
from ..kernel.text import clean_line, fold
from ..vocabularies.uccn import SUBTYPES, CreativeField, Sector
from .columns import CONTACT, READ, SEPARATORS, YES, Words
from .entry import OrganisationDetails
from .likeness import Likely, Reason, Register
from .models import Fate, SizeBand

MOST_ROWS: Final = 10_000
LONGEST: Final = {
    "name": 160,
    "identified_by": 200,
    "website": 300,
    "contact_name": 120,
    "contact_email": 254,
    "contact_phone": 30,
    "note": 2000,
}
NOTHING: Final = frozenset({"-", "–", "—"})
NEEDED: Final = ("name", "sector", "subtype", "identified_by")
MOST_SHOWN: Final = 80
CLEANED: Final[Mapping[str, Callable[[str], str]]] = {
    "contact_email": lambda typed: latin_digits(typed).lower(),
    "website": web_address_of,
}
CHECKED: Final[Mapping[str, Any]] = {"contact_email": EmailAddress(), "website": WebAddress()}
"""As the form by which organisations are entered one by one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: its number and its cells by column, as they were typed."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``ignored``: headers that nobody understood."""

    lines: tuple[Line, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the register. ``survivor``: id and name of the entry that it was merged into, or None."""

    public_id: str
    details: OrganisationDetails
    survivor: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What a row does. ``says``: codes with what they speak of. ``details``: what is written, for NEW and CHANGED."""

    line: Line
    fate: Fate
    says: tuple[dict[str, Any], ...] = ()
    public_id: str | None = None
    details: OrganisationDetails | None = None

    @property
    def name(self) -> str:
        named = self.details.name if self.details else self.line.cells.get("name") or self.line.cells.get("id", "")
        return named[:200]


class Faulty(Exception):
    """A row that cannot be taken, with every cell that is wrong."""

    def __init__(self, says: Sequence[dict[str, Any]]) -> None:
        super().__init__(says)
        self.says = tuple(says)


def read_sheet(table: Table, words: Words) -> Sheet:
    """The first row names the columns, in any of the languages. Raises Invalid: too many rows, headers missing."""
    head, *body = table.rows or (Row(1, ()),)
    if len(body) > MOST_ROWS:
        raise Invalid(
            _l(
                "This table has %(rows)s rows. At most %(most)s can be taken at once: bring it in parts.",
                rows=lazy_number(len(body)),
                most=lazy_number(MOST_ROWS),
            )
        )
    places = _places(head, words)
    if "id" not in places and not {"name", "sector"} <= set(places):
        raise Invalid(
            _l(
                "The first row must name the columns: the name of the organisation and its sector, or the id of its"
                " entry. The template has all of them. This is what the first row says: %(head)s",
                head=" · ".join(cell for cell in head.cells if cell)[:200] or "–",
            )
        )
    if not body:
        raise Invalid(_l("There is nothing under the headers of this table."))
    ignored = tuple(cell[:MOST_SHOWN] for cell in head.cells if cell and fold(cell) not in words.headers)
    return Sheet(tuple(Line(row.number, _cells(row, places)) for row in body), ignored)


def _places(head: Row, words: Words) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(head.cells):
        name = words.headers.get(fold(cell))
        if name in READ:
            found.setdefault(name, place)
    return found


def _cells(row: Row, places: Mapping[str, int]) -> dict[str, str]:
    typed = {name: row.cells[place] for name, place in places.items() if place < len(row.cells)}
    return {name: _without_guard(cell) for name, cell in typed.items() if cell}


def _without_guard(cell: str) -> str:
    """Without the apostrophe that our own tables put before what a spreadsheet would compute."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


@dataclass(slots=True)
class Plan:
    """Goes through the rows in their order; what an earlier one does is known to the later ones."""

    words: Words
    identified_by: str
    entries: Mapping[str, Known]
    _by_name: dict[tuple[str, Sector], list[Known]] = field(default_factory=lambda: defaultdict(list))
    _likely: Register = field(default_factory=Register)
    _rows: dict[Any, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for known in self.entries.values():
            if known.survivor is None:
                self._by_name[_key(known.details)].append(known)
                self._likely.add(_likely(known.public_id, known.details))

    def of(self, lines: Iterable[Line]) -> list[Planned]:
        """In the order of the preview: what needs a person first, then by row."""
        planned = [self._of(line) for line in lines]
        return sorted(planned, key=lambda each: (each.fate.rank, each.line.number))

    def _of(self, line: Line) -> Planned:
        try:
            values = _values(line.cells, self.words)
            known = self._known(line, values)
            if known is not None and known.survivor is not None:
                public_id, name = known.survivor
                return Planned(line, Fate.MERGED, ({"code": "merged", "name": name},), public_id)
            return self._changed(line, values, known) if known else self._new(line, values)
        except Faulty as fault:
            return Planned(line, Fate.REFUSED, fault.says)

    def _known(self, line: Line, values: Mapping[str, Any]) -> Known | None:
        wanted = line.cells.get("id")
        if wanted is not None:
            if wanted not in self.entries:
                raise Faulty([_fault("id", "unknown_id", typed=wanted)])
            return self.entries[wanted]
        if not {"name", "sector"} <= set(values):
            return None
        found = self._by_name.get((fold(values["name"]), values["sector"]), [])
        if len(found) > 1:
            raise Faulty([_fault("name", "several", typed=values["name"])])
        return found[0] if found else None

    def _changed(self, line: Line, values: Mapping[str, Any], known: Known) -> Planned:
        double = self._double(line, known.public_id)
        if double is not None:
            return replace(double, public_id=known.public_id)
        if values.get("note") == clean_line(known.details.note):
            values = {name: value for name, value in values.items() if name != "note"}  # a table has no line breaks
        details = replace(known.details, **values)
        _require_whole(details)
        changes = _changes(known.details, details)
        if not changes:
            return Planned(line, Fate.UNCHANGED, (), known.public_id)
        if _key(details) != _key(known.details):
            like = self._like(line, _likely(known.public_id, details), Reason.NAME)
            if like:
                return Planned(line, Fate.ALIKE, like, known.public_id)
        return Planned(line, Fate.CHANGED, tuple(changes), known.public_id, details)

    def _new(self, line: Line, values: Mapping[str, Any]) -> Planned:
        given = {"identified_by": self.identified_by, **values}
        missing = [_fault(name, "missing") for name in NEEDED if not given.get(name)]
        if missing:
            raise Faulty(missing)
        details = OrganisationDetails(**given)
        _require_whole(details)
        double = self._double(line, _key(details))
        if double is not None:
            return double
        likely = _likely(f"#{line.number}", details)
        like = self._like(line, likely, *Reason)
        if like:
            return Planned(line, Fate.ALIKE, like)
        self._likely.add(likely)
        return Planned(line, Fate.NEW, (), None, details)

    def _double(self, line: Line, key: Any) -> Planned | None:
        first = self._rows.setdefault(key, line.number)
        return None if first == line.number else Planned(line, Fate.DOUBLE, ({"code": "double", "row": first},))

    def _like(self, line: Line, likely: Likely, *reasons: Reason) -> tuple[dict[str, Any], ...]:
        """Other entries and earlier rows that may be the same; nothing once the row says that it is another one."""
        if fold(line.cells.get("another", "")) in YES:
            return ()
        said = []
        for other, by in self._likely.like(likely).values():
            told = [reason.value for reason in by if reason in reasons]
            row = other.public_id.removeprefix("#") if other.public_id.startswith("#") else None
            where = {"row": int(row)} if row else {"public_id": other.public_id}
            if told:
                said.append({"code": "alike", "name": other.name, "reasons": told, **where})
        return tuple(said[:3])


def _key(details: OrganisationDetails) -> tuple[str, Sector]:
    return fold(details.name), details.sector


def _likely(public_id: str, details: OrganisationDetails) -> Likely:
    return Likely(public_id, details.name, details.sector, details.website, details.contact_email)


def _fault(column: str, code: str, **facts: Any) -> dict[str, Any]:
    """Contact data is never repeated: it would stay in what is kept of the table."""
    if column in CONTACT:
        facts.pop("typed", None)
    if "typed" in facts:
        facts["typed"] = facts["typed"][:MOST_SHOWN]
    return {"code": code, "column": column, **facts}


def _values(cells: Mapping[str, str], words: Words) -> dict[str, Any]:
    """What the cells say, by field; an empty cell says nothing. Raises Faulty with every cell that is wrong."""
    found: dict[str, Any] = {}
    faults: list[dict[str, Any]] = []
    for name, typed in cells.items():
        if name in ("id", "another"):
            continue
        try:
            found[name] = _value(name, typed, words)
        except Faulty as fault:
            faults += fault.says
    if faults:
        raise Faulty(faults)
    return found


def _value(name: str, typed: str, words: Words) -> Any:
    if typed in NOTHING:
        return _nothing(name)
    if name in ("creative_fields", "tags"):
        codes = tuple(_code(name, each, words) for each in _several(typed, words.values[name]))
        return tuple(sorted(map(CreativeField, codes))) if name == "creative_fields" else tuple(sorted(set(codes)))
    if name in ("sector", "subtype", "size"):
        code = _code(name, typed, words)
        return {"sector": Sector, "size": SizeBand}.get(name, str)(code)
    return _text(name, typed)


def _nothing(name: str) -> Any:
    if name in NEEDED:
        raise Faulty([_fault(name, "missing")])
    return () if name in ("creative_fields", "tags") else None


def _several(typed: str, known: Mapping[str, str]) -> list[str]:
    """The words of a cell; a word that has a comma of its own stays whole."""
    parts = [typed]
    for mark in SEPARATORS:
        parts = [word.strip() for part in parts for word in ([part] if fold(part) in known else part.split(mark))]
    return [word for word in parts if word]


def _code(name: str, typed: str, words: Words) -> str:
    found = words.values[name].get(fold(typed))
    if found is None:
        raise Faulty([_fault(name, "unknown", typed=typed)])
    return found


def _text(name: str, typed: str) -> str:
    text = CLEANED.get(name, clean_line)(typed)
    if len(text) > LONGEST[name]:
        raise Faulty([_fault(name, "too_long", most=LONGEST[name])])
    check = CHECKED.get(name)
    if check is not None and not _passes(check, text):
        raise Faulty([_fault(name, "no_address", typed=text)])
    return text


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a validator of a form asks of a field."""

    data: str

    @staticmethod
    def gettext(text: str) -> str:
        return text


def _passes(check: Any, text: str) -> bool:
    try:
        check(None, _Cell(text))
    except ValidationError:
        return False
    return True


def _require_whole(details: OrganisationDetails) -> None:
    if details.subtype not in SUBTYPES[details.sector.value]:
        raise Faulty([_fault("subtype", "other_sector", typed=details.subtype)])


def _changes(before: OrganisationDetails, after: OrganisationDetails) -> list[dict[str, Any]]:
    """Column by column; of contact data only that it changes."""
    changed = [name for name in OrganisationDetails.__slots__ if getattr(before, name) != getattr(after, name)]
    return [_change(name, getattr(before, name), getattr(after, name)) for name in changed]


def _change(name: str, old: Any, new: Any) -> dict[str, Any]:
    said = {"code": "changes", "column": name}
    return said if name in CONTACT else {**said, "old": _plain(old), "new": _plain(new)}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
