"""The notice of a meeting, its rules, inviting, cancelling."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ...kernel.forms import (
    BooleanField,
    CheckboxesField,
    DecimalField,
    Form,
    IntegerField,
    LocalizedTextField,
    MomentField,
    NumberRange,
    Optional,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
    WebAddressField,
)
from ...kernel.i18n import LANGUAGE_NAMES, latin_digits
from ...kernel.i18n.readers import site_language
from ...vocabularies.uccn import SECTORS, Sector
from ..models import AgendaItem, Meeting, Mode, Notice
from ..models.meeting import MILLION
from ..wording import MODES

MOST_ITEMS = 40
_ITEM = re.compile(r"(\d{1,3})\s*[:.،,–-]?\s+(.+)")


class RulesForm(Form):
    notice_days = IntegerField(_l("Days from the notice to the meeting, at least"), [Required(), NumberRange(1, 90)])
    objection_days = IntegerField(_l("Days in which people can object to minutes"), [Required(), NumberRange(1, 90)])


class AgendaField(TextAreaField):
    """One item a line: minutes, title, and after a bar who opens it; ``items`` is what was read."""

    items: tuple[AgendaItem, ...] = ()

    def process_data(self, value: Any) -> None:
        self.items = tuple(value or ())
        self.data = "\n".join(_line(item) for item in self.items)

    def pre_validate(self, form: Any) -> None:
        lines = [line.strip() for line in (self.data or "").split("\n") if line.strip()]
        if len(lines) > MOST_ITEMS:
            raise ValidationError(_("An agenda has at most %(most)s items.", most=MOST_ITEMS))
        self.items = tuple(_item(line) for line in lines)


def _line(item: AgendaItem) -> str:
    return f"{item.minutes} {item.title}" + (f" | {item.who}" if item.who else "")


def _item(line: str) -> AgendaItem:
    said, _bar, who = line.partition("|")
    found = _ITEM.fullmatch(latin_digits(said[:4]) + said[4:].rstrip())
    if found is None or int(found[1]) < 1:
        raise ValidationError(_("Begin each line with a number of minutes; “%(line)s” has none.", line=line[:60]))
    return AgendaItem(found[2].strip()[:200], int(found[1]), who.strip()[:120])


class NoticeForm(Form):
    title = LocalizedTextField(_l("Title"), [Required()], max_length=160)
    text = LocalizedTextField(_l("What it is about"), multiline=True, max_length=4000)
    starts_at = MomentField(_l("Begins"), [Required()])
    ends_at = MomentField(_l("Ends"), [Required()])
    mode = RadioField(_l("How people meet"), [Required()], choices=MODES, coerce=Mode, default=Mode.IN_PERSON)
    place = StringField(_l("Place"), max_length=300, description=_l("House, street, floor: so that people find it."))
    district = StringField(_l("District"), max_length=80)
    latitude = DecimalField(_l("Latitude"), [Optional(), NumberRange(-90, 90)])
    longitude = DecimalField(_l("Longitude"), [Optional(), NumberRange(-180, 180)])
    link = WebAddressField(
        _l("Address of the online meeting"), description=_l("Shown only to those who registered; never in the log.")
    )
    places = IntegerField(
        _l("Places"),
        [Optional(), NumberRange(1, 100_000)],
        description=_l("Leave it empty if everybody finds a place. Else there is a waiting list."),
    )
    is_for_women = BooleanField(
        _l("A session for women"), description=_l("It is said on its page. Nobody is asked for papers.")
    )
    is_for_youth = BooleanField(_l("A session for young people"))
    accessibility = TextAreaField(
        _l("Accessibility"),
        max_length=1000,
        description=_l("Steps, lift, toilets, sign language, hearing loop, how to come without a car."),
    )
    childcare = TextAreaField(
        _l("Childcare"), max_length=600, description=_l("From which age, during which hours. Empty: there is none.")
    )
    agenda = AgendaField(
        _l("Agenda"),
        max_length=6000,
        description=_l("One item a line: minutes, title, and after a bar who opens it. “20 Crafts in schools | Leila”"),
    )
    because = TextAreaField(
        _l("Why so late, or why it is changed"),
        max_length=600,
        description=_l("Needed when the notice is shorter than promised, or when time or place change. It is public."),
    )

    @classmethod
    def of(cls, meeting: Meeting) -> NoticeForm:
        plain = (
            "title text starts_at ends_at mode place district link places is_for_women is_for_youth accessibility"
            " childcare"
        )
        data = {name: getattr(meeting, name) for name in plain.split()}
        for name in ("latitude", "longitude"):
            value = getattr(meeting, name)
            data[name] = None if value is None else value / MILLION
        return cls(data=data | {"agenda": meeting.items})

    def validate_longitude(self, field: Any) -> None:
        if (field.data is None) != (self.latitude.data is None):
            raise ValidationError(_("Give both latitude and longitude, or neither."))

    def notice(self) -> Notice:
        return Notice(
            title=self.title.data,
            text=self.text.data,
            mode=self.mode.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            place=self.place.data or "",
            district=self.district.data or None,
            latitude=_millionths(self.latitude.data),
            longitude=_millionths(self.longitude.data),
            link=self.link.data or None,
            places=self.places.data,
            is_for_women=self.is_for_women.data,
            is_for_youth=self.is_for_youth.data,
            accessibility=self.accessibility.data or "",
            childcare=self.childcare.data or "",
            agenda=self.agenda.items,
        )


def _millionths(degrees: Any) -> int | None:
    return None if degrees is None else round(degrees * MILLION)


class InviteForm(Form):
    sectors = CheckboxesField(_l("Organisations of these sectors"), [Required()], choices=SECTORS, coerce=Sector)
    locale = SelectField(
        _l("Language of the e-mails"),
        choices=LANGUAGE_NAMES,
        blank=None,
        default=lambda: site_language().default_locale,
    )


class CancelForm(Form):
    because = TextAreaField(_l("Why?"), [Required()], max_length=600, description=_l("Everybody can read it."))
