"""Matrices of the plan: what each row has initiatives for, what is left over on either side (O2, A1, B1, F2, D2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ..inventory.models import InventoryItem
from ..vocabularies import uccn
from .models import Initiative, Level, Vocabulary
from .wording import LEVELS


@dataclass(frozen=True, slots=True)
class Row:
    """``cells``: by column, None or a mark: ``yes``, an expectation of an effect, or numbers of initiatives.

    ``unknown``: why nothing can be said of the row.
    """

    key: str
    label: Any
    cells: tuple[str | None, ...]
    unknown: Any = None

    @property
    def filled(self) -> int:
        return sum(cell is not None for cell in self.cells)

    @property
    def is_gap(self) -> bool:
        return not self.filled and self.unknown is None


@dataclass(frozen=True, slots=True)
class Matrix:
    """``columns``: (key, label); ``is_by_initiative``: whether they are initiatives."""

    code: str
    title: Any
    columns: tuple[tuple[str, Any], ...]
    rows: tuple[Row, ...]
    is_by_initiative: bool = True

    @property
    def gaps(self) -> list[Row]:
        """Rows that nothing in the plan is there for."""
        return [row for row in self.rows if row.is_gap]

    @property
    def loose(self) -> list[tuple[str, Any]]:
        """Columns that stand in no row."""
        return [column for at, column in enumerate(self.columns) if all(row.cells[at] is None for row in self.rows)]


NO_COUNTERPART = _l("No word of 2013 corresponds to it, so that the plan says nothing of it.")
Finds = Callable[[Initiative], str | None]


def matrices(
    initiatives: Sequence[Initiative],
    *,
    needs: Sequence[InventoryItem],
    assets: Sequence[InventoryItem],
    vocabulary: Vocabulary,
) -> list[Matrix]:
    """Every matrix; needs the parts of the initiatives loaded."""
    used = [(each, {use.item_id for use in each.uses}) for each in initiatives]
    return [
        objectives(initiatives, vocabulary),
        areas(initiatives, vocabulary),
        _matrix("needs", _l("Needs and initiatives"), initiatives, _items(needs, used)),
        needs_by_objective(initiatives, needs),
        _matrix("assets", _l("Assets and initiatives"), initiatives, _items(assets, used)),
        _matrix("levels", _l("In the city and beyond"), initiatives, _levels(initiatives)),
        _matrix("effects", _l("Levels of development"), initiatives, _effects(initiatives)),
    ]


def with_used(listed: Sequence[InventoryItem], initiatives: Sequence[Initiative]) -> list[InventoryItem]:
    """What is on the list, and what was taken off it since and the plan still builds on."""
    used = {use.item_id: use.item for each in initiatives for use in each.uses}
    return [*listed, *(item for one, item in sorted(used.items()) if one not in {each.id for each in listed})]


def objectives(initiatives: Sequence[Initiative], vocabulary: Vocabulary) -> Matrix:
    title = _l("Objectives and initiatives")
    if vocabulary is Vocabulary.HANDBOOK_2013:
        rows = [_coded(initiatives, key, label, (key,), "objectives") for key, label in uccn.OBJECTIVES.items()]
    else:
        rows = [_objective_now(initiatives, key, label) for key, label in uccn.OBJECTIVES_NOW.items()]
    return _matrix("objectives", title, initiatives, rows)


def _objective_now(initiatives: Sequence[Initiative], key: str, label: Any) -> Row:
    """What was a rule in 2013 shows in the initiative itself: cities beyond, partners of several sectors."""
    if key == "M1":
        return _row(initiatives, key, label, lambda each: "yes" if each.level is Level.INTERNATIONAL else None)
    if key == "M2":
        return _row(initiatives, key, label, lambda each: "yes" if len(_sectors(each)) > 1 else None)
    if key not in uccn.OBJECTIVES_FROM:
        return Row(key, label, (None,) * len(initiatives), NO_COUNTERPART)
    return _coded(initiatives, key, label, uccn.OBJECTIVES_FROM[key], "objectives")


def _sectors(initiative: Initiative) -> set[str]:
    """Of its partners, with the city itself."""
    partners = initiative.partners
    return {"public"} | {partner.organisation.sector.value for partner in partners if partner.organisation is not None}


def areas(initiatives: Sequence[Initiative], vocabulary: Vocabulary) -> Matrix:
    title = _l("Areas of action and initiatives")
    if vocabulary is Vocabulary.HANDBOOK_2013:
        rows = [_coded(initiatives, key, label, (key,), "areas") for key, label in uccn.AREAS.items()]
    else:
        rows = [
            _coded(initiatives, key, label, uccn.AREAS_FROM[key], "areas")
            if key in uccn.AREAS_FROM
            else Row(key, label, (None,) * len(initiatives), NO_COUNTERPART)
            for key, label in uccn.AREAS_NOW.items()
        ]
    return _matrix("areas", title, initiatives, rows)


def needs_by_objective(initiatives: Sequence[Initiative], needs: Sequence[InventoryItem]) -> Matrix:
    """Needs × objectives: the numbers of the initiatives that answer the one and serve the other (rule B1)."""
    rows = []
    for need in needs:
        answering = [each for each in initiatives if need.id in {use.item_id for use in each.uses}]
        cells = tuple(
            " ".join(str(each.number) for each in answering if key in each.objectives) or None
            for key in uccn.OBJECTIVES
        )
        rows.append(Row(need.public_id, need.title, cells))
    title = _l("Needs, objectives and initiatives")
    return Matrix("needs_objectives", title, tuple(uccn.OBJECTIVES.items()), tuple(rows), is_by_initiative=False)


def _matrix(code: str, title: Any, initiatives: Sequence[Initiative], rows: Iterable[Row]) -> Matrix:
    return Matrix(code, title, tuple((each.public_id, each.title) for each in initiatives), tuple(rows))


def _row(initiatives: Sequence[Initiative], key: str, label: Any, finds: Finds) -> Row:
    return Row(key, label, tuple(finds(each) for each in initiatives))


def _coded(initiatives: Sequence[Initiative], key: str, label: Any, codes: tuple[str, ...], field: str) -> Row:
    return _row(initiatives, key, label, lambda each: "yes" if set(codes) & set(getattr(each, field)) else None)


def _items(items: Sequence[InventoryItem], used: Sequence[tuple[Initiative, set[int]]]) -> list[Row]:
    return [
        Row(item.public_id, item.title, tuple("yes" if item.id in ids else None for _each, ids in used))
        for item in items
    ]


def _levels(initiatives: Sequence[Initiative]) -> list[Row]:
    return [
        Row(level.value, LEVELS[level], tuple("yes" if each.level is level else None for each in initiatives))
        for level in Level
    ]


def _effects(initiatives: Sequence[Initiative]) -> list[Row]:
    """An effect that is expected, good or bad; "none, because" leaves the cell empty."""
    rows = []
    for key, label in uccn.DIMENSIONS.items():
        told = [each.effects.get(key, {}).get("expected") for each in initiatives]
        rows.append(Row(key, label, tuple(one if one in ("positive", "negative") else None for one in told)))
    return rows
