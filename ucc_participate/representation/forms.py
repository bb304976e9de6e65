"""What coordinators type to enter a population table: where it comes from, its shape, its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.forms import (
    Form,
    IntegerField,
    NumberRange,
    Optional,
    RadioField,
    Required,
    StringField,
    TableField,
    TextAreaField,
    ValidationError,
    WebAddressField,
)
from ..kernel.text import clean_line, fold
from ..vocabularies.uccn import SECTORS
from .models import Population
from .population import DEFAULT_BANDS, DISTRICT_LENGTH, MOST_PEOPLE, Census, Line, first_age, read_band
from .wording import GROUPS, group_name

SEXES = ("female", "male")
MOST_DISTRICTS = 60


class SourceForm(Form):
    """Where the numbers come from: everybody can read it beside the figures."""

    source = StringField(
        _l("Source"),
        [Required()],
        max_length=300,
        description=_l("Who counted, and what. For example: census of 1395."),
    )
    year = IntegerField(_l("Year"), [Required(), NumberRange(min=1300, max=2100)])
    url = WebAddressField(_l("Where it can be read"), [Optional()])


class ShapeForm(Form):
    """By what the table tells people apart. The grid of the next page follows from it; nothing is changed."""

    class Meta(Form.Meta):
        csrf = False

    bands = StringField(
        _l("Age bands"),
        [Required()],
        default=", ".join(DEFAULT_BANDS),
        max_length=300,
        description=_l("A band must begin at 0, 18, 25, 30, 45 and 60 years."),
    )
    districts = TextAreaField(
        _l("Districts"),
        max_length=6000,
        description=_l("One a line. Leave empty where the numbers are of the whole city."),
    )

    found_bands: tuple[str, ...] = ()
    found_districts: tuple[str, ...] = ()

    def validate_bands(self, field: Any) -> None:
        parts = [part for part in (field.data or "").replace("،", ",").split(",") if part.strip()]
        wrong = next((part for part in parts if read_band(part) is None), None)
        if wrong is not None:
            raise ValidationError(_("“%(typed)s” is no age band. Write 18-24 or 60+.", typed=wrong.strip()))
        self.found_bands = tuple(sorted({str(read_band(part)) for part in parts}, key=first_age))

    def validate_districts(self, field: Any) -> None:
        names = [clean_line(line) for line in (field.data or "").splitlines() if clean_line(line)]
        long = next((name for name in names if len(name) > DISTRICT_LENGTH), None)
        if long is not None:
            raise ValidationError(_("“%(name)s” is too long for a district.", name=long))
        twice = next((name for at, name in enumerate(names) if fold(name) in map(fold, names[:at])), None)
        if twice is not None:
            raise ValidationError(_("“%(name)s” stands there twice.", name=twice))
        if len(names) > MOST_DISTRICTS:
            raise ValidationError(_("More than %(most)s districts: bring them as a file.", most=MOST_DISTRICTS))
        self.found_districts = tuple(names)


class GridForm(SourceForm):
    """Numbers of women and men for each band of each district; made for one shape by ``grid_form``."""

    bands: tuple[str, ...] = ()
    districts: tuple[str | None, ...] = ()

    def rows(self) -> Iterator[tuple[str | None, str, list[Any]]]:
        """District, band and the fields of a row."""
        for at, district in enumerate(self.districts):
            for band in self.bands:
                yield district, band, [self[_name(at, band, sex)] for sex in SEXES]

    def sector_fields(self) -> list[Any]:
        return [self[f"sector_{sector}"] for sector in SECTORS]

    def census(self) -> Census:
        lines = [
            Line(sex, band, district, field.data)
            for district, band, fields in self.rows()
            for sex, field in zip(SEXES, fields, strict=True)
        ]
        sectors = {sector: self[f"sector_{sector}"].data for sector in SECTORS}
        return Census(tuple(lines), {sector: count for sector, count in sectors.items() if count is not None})


def grid_form(bands: Sequence[str], districts: Sequence[str]) -> GridForm:
    """The form of this shape, with what was typed; without districts one grid for the whole city."""
    places: tuple[str | None, ...] = tuple(districts) or (None,)
    fields: dict[str, Any] = {"bands": tuple(bands), "districts": places}
    for at, district in enumerate(places):
        for band in bands:
            for sex in SEXES:
                words = [district, str(group_name(f"band:{band}")), str(GROUPS[f"sex:{sex}"])]
                label = _(", ").join(word for word in words if word)
                fields[_name(at, band, sex)] = IntegerField(label, [Required(), NumberRange(min=0, max=MOST_PEOPLE)])
    for sector, label in SECTORS.items():
        fields[f"sector_{sector}"] = IntegerField(label, [Optional(), NumberRange(min=0, max=MOST_PEOPLE)])
    made: GridForm = type("ShapedGridForm", (GridForm,), fields)()
    return made


def _name(at: int, band: str, sex: str) -> str:
    return f"cell_{at}_{first_age(band)}_{sex}"


class ImportForm(SourceForm):
    """A population table as a file."""

    table = TableField(
        _l("Table"),
        [Required()],
        description=_l("CSV or XLSX with the columns sex, age, district, sector, count. An empty cell means all."),
    )


class ChoiceForm(Form):
    """The table that a process is measured against."""

    population = RadioField(_l("Population table"), [Required()])

    @classmethod
    def of(cls, populations: Sequence[Population], current: Population | None) -> ChoiceForm:
        form = cls(data={"population": current.public_id if current is not None else None})
        choices: Mapping[str, Any] = {
            each.public_id: _(
                "Version %(number)s: %(source)s, %(year)s", number=each.number, source=each.source, year=each.year
            )
            for each in populations
        }
        form.population.choices = list(choices.items())
        return form
