"""What is typed to invite, to answer an invitation, to note what was done, and to be reminded or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    BooleanField,
    CheckboxesField,
    DayField,
    Form,
    HiddenField,
    IntegerField,
    LocalizedTextField,
    NumberRange,
    Optional,
    RadioField,
    Required,
    SelectField,
    StringField,
    TableField,
    TextAreaField,
    TypedCodeField,
    UploadField,
)
from ..kernel.i18n import LANGUAGE_NAMES, dates
from ..kernel.i18n.readers import reader, site_language
from ..processes.models import Channel, InvitationState, WayIn
from ..processes.wording import CHANNELS, WAYS_IN
from ..stakeholders.models import Organisation
from ..vocabularies.uccn import SECTORS, Sector
from .entry import MOST_REACHED, NewActivity
from .models import Activity, ActivityKind, Counted, NewsKind, Newsletter
from .newsletter import Letter
from .queries import Stage, StageFilter
from .segments import Group, NotYet, Segment, SegmentKind
from .wording import (
    ACTIVITY_KINDS,
    COUNTED,
    DAILY_NEWS,
    GROUPS,
    NEWS,
    NOT_YET,
    SEGMENT_GROUPS,
    SEGMENT_KINDS,
    STAGES,
)

LONGEST_LETTER = 20_000
ANSWERS = {InvitationState.ANSWERED: _l("We take part"), InvitationState.DECLINED: _l("We decline")}


class InvitationForm(Form):
    """Whom to invite and how; ``confirmed`` comes from the page that shows what will happen."""

    whole_sectors = CheckboxesField(_l("Everybody of a sector"), choices=SECTORS, coerce=Sector)
    organisations = CheckboxesField(_l("Single organisations"))
    channel = SelectField(
        _l("How they are invited"),
        [Required()],
        choices=CHANNELS,
        coerce=Channel,
        description=_l("By e-mail: we write to the address in the register. By letter: you get them as one PDF."),
    )
    locale = SelectField(
        _l("Language of letters and e-mails"),
        choices=LANGUAGE_NAMES,
        blank=None,
        default=lambda: site_language().default_locale,
        description=_l("On the next page you can choose another one for single organisations."),
    )
    expires_on = DayField(_l("Codes are good until"), [Required()])
    remind_after_days = IntegerField(
        _l("Remind those who stay silent by e-mail after how many days?"),
        [Optional(), NumberRange(min=3, max=90)],
        description=_l(
            "Leave this empty and no reminders are sent automatically. Nobody is reminded more than three times."
        ),
    )
    confirmed = HiddenField()

    def chosen(self, offered: Sequence[Organisation]) -> list[Organisation]:
        """Those of the organisations that were ticked, or whose whole sector was."""
        ids, sectors = set(self.organisations.data or ()), set(self.whole_sectors.data or ())
        return [each for each in offered if each.public_id in ids or each.sector in sectors]


class ReissueForm(Form):
    """New codes for those who were invited before."""

    locale = SelectField(
        _l("Language of the letters"),
        choices=LANGUAGE_NAMES,
        blank=None,
        default=lambda: site_language().default_locale,
    )
    expires_on = DayField(_l("Codes are good until"), [Required()])


class TypedCodeForm(Form):
    """The code from the letter."""

    code = TypedCodeField(
        _l("Your code"), [Required()], description=_l("Eleven letters and digits, for example K7QM-3XPA-R2W.")
    )


class AnswerForm(Form):
    """What the organisation says itself."""

    answer = RadioField(_l("Does your organisation take part?"), [Required()], choices=ANSWERS, coerce=InvitationState)
    because = TextAreaField(
        _l("If not, why?"), max_length=1000, description=_l("Only the city’s staff reads this, to do better.")
    )


class DelegateForm(Form):
    """Who shall speak for the organisation: the city asks that person for the mandate."""

    name = StringField(_l("Given and family name"), [Required()], max_length=120, render_kw={"autocomplete": "name"})
    reach = StringField(
        _l("E-mail or telephone"),
        [Required()],
        max_length=200,
        render_kw={"dir": "ltr"},
        description=_l("An e-mail address is best: the account is opened with it."),
    )
    text = TextAreaField(
        _l("Anything else we should know"), max_length=600, description=_l("Only the city’s staff reads this.")
    )


class StageSearch(Form):
    """The part of the table that is wanted; wishes that make no sense are left out, and said to be wrong."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Search by name"))
    sector = SelectField(_l("Sector"), choices=SECTORS, coerce=Sector, blank=_l("All sectors"))
    stage = SelectField(_l("Has reached this stage"), choices=STAGES, coerce=Stage, blank=_l("Any stage"))
    not_reached = SelectField(_l("Has not reached this stage"), choices=STAGES, coerce=Stage, blank=_l("Any stage"))
    silent_days = IntegerField(_l("No answer for at least (days)"), [Optional(), NumberRange(min=0, max=3650)])

    def wanted(self) -> StageFilter:
        self.validate()
        facts = {"text": self.q, "sector": self.sector, "stage": self.stage, "not_reached": self.not_reached}
        found: dict[str, Any] = {name: field.data for name, field in facts.items() if not field.errors}
        days = self.silent_days.data if not self.silent_days.errors else None
        return StageFilter(**found | {"text": found.get("text") or "", "silent_days": days})

    @property
    def is_narrowed(self) -> bool:
        fields = (self.sector, self.stage, self.not_reached, self.silent_days)
        return any(field.data or field.errors for field in fields)


class AttendanceForm(Form):
    held_on = DayField(_l("Day"), [Required()])
    text = StringField(_l("What they came to"), [Required()], max_length=200)


class CallForm(Form):
    answer = RadioField(_l("What it said"), [Required()], choices=ANSWERS, coerce=InvitationState)
    through = SelectField(
        _l("How it said so"),
        [Required()],
        choices={way: label for way, label in WAYS_IN.items() if way is not WayIn.INTERNET},
        coerce=WayIn,
    )
    text = TextAreaField(
        _l("Note for the staff"), max_length=1000, description=_l("Who said it, and what else. It is not published.")
    )


class _CityUpload(UploadField):
    """At most as large as the city's settings say."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.max_bytes = current_app.extensions["ucc.settings"].max_upload_bytes
        super().process_formdata(valuelist)


class ActivityForm(Form):
    """What was done to reach people."""

    kind = SelectField(_l("Kind of activity"), [Required()], choices=ACTIVITY_KINDS, coerce=ActivityKind)
    held_on = DayField(_l("Day"), [Required()])
    place = StringField(_l("Place"), [Required()], max_length=300, description=_l("For radio or press: which one."))
    district = StringField(_l("District"), max_length=80)
    group = SelectField(_l("For whom"), [Required()], choices=GROUPS, blank=None)
    group_words = StringField(_l("Which other group"), max_length=120)
    reached = IntegerField(_l("People reached"), [Optional(), NumberRange(min=0, max=MOST_REACHED)])
    counted = RadioField(_l("Counted or estimated?"), choices=COUNTED, coerce=Counted)
    done = TextAreaField(_l("What was done"), max_length=2000)
    gap = TextAreaField(
        _l("About which gap"), max_length=1000, description=_l("Who was missing, and how this was meant to help.")
    )
    evidence = _CityUpload(
        _l("Evidence"),
        kinds=(*DOCUMENTS, *IMAGES),
        max_bytes=0,
        description=_l(
            "Everybody can open it: an article, a poster. No lists of names, nobody’s face without consent."
        ),
    )

    def activity(self) -> NewActivity:
        facts: dict[str, Any] = {name: self[name].data for name in ("kind", "held_on", "place", "group", "reached")}
        facts |= {name: self[name].data or None for name in ("district", "group_words", "gap")}
        return NewActivity(**facts, counted=self.counted.data, done=self.done.data or "")


class CorrectionForm(ActivityForm):
    """The same once more, put right, and why."""

    because = TextAreaField(
        _l("What was wrong"), [Required()], max_length=600, description=_l("Everybody can read it; what it said stays.")
    )
    is_void = BooleanField(_l("It did not take place after all"))

    @classmethod
    def of(cls, activity: Activity) -> CorrectionForm:
        names = ("kind", "held_on", "place", "district", "group", "group_words", "reached", "counted", "done", "gap")
        known: Mapping[str, Any] = {name: getattr(activity, name) for name in names}
        return cls(data=dict(known))


class ActivitiesForm(Form):
    """A table of activities."""

    file = TableField(_l("Table (CSV or XLSX)"), [Required()])


class ActivitySearch(Form):
    class Meta(Form.Meta):
        csrf = False

    kind = SelectField(_l("Kind of activity"), choices=ACTIVITY_KINDS, coerce=ActivityKind, blank=_l("Everything"))
    group = SelectField(_l("For whom"), choices=GROUPS, blank=_l("Everybody and every group"))


def hour_of_day(hour: int) -> str:
    """As the reader's language writes it."""
    return dates.clock_time(datetime(2000, 1, 1, hour), locale=reader().locale)  # noqa: DTZ001  # of any day


def _hours() -> list[tuple[int, str]]:
    return [(hour, hour_of_day(hour)) for hour in range(24)]


class WishesForm(Form):
    """Of what to be told, of which of it at once, and when not."""

    kinds = CheckboxesField(_l("Tell me when"), choices=NEWS, coerce=NewsKind)
    at_once = CheckboxesField(_l("Of this at once, not once a day"), choices=DAILY_NEWS, coerce=NewsKind)
    quiet_from = SelectField(_l("No mails from"), choices=_hours, coerce=int, blank=_l("As the city does"))
    quiet_until = SelectField(_l("until"), choices=_hours, coerce=int, blank=_l("As the city does"))


def _asked_of() -> list[tuple[NotYet, Any]]:
    """What this installation can ask: an empty room has nothing to say of anybody."""
    stages = current_app.extensions
    known = {"answered", *stages["ucc.account_stages"], *stages["ucc.organisation_stages"]}
    return [(stage, words) for stage, words in NOT_YET.items() if stage.value in known]


class NewsletterForm(Form):
    """A newsletter and for whom it is."""

    title = LocalizedTextField(_l("Subject"), [Required()], max_length=160)
    text = LocalizedTextField(
        _l("Text"),
        [Required()],
        description=_l("In one to three languages. An empty line makes a paragraph, “## ” a heading, “- ” a list."),
        multiline=True,
        max_length=LONGEST_LETTER,
    )
    kind = RadioField(_l("Who gets it"), [Required()], choices=SEGMENT_KINDS, coerce=SegmentKind)
    sector = SelectField(
        _l("Only organisations of the sector"), choices=SECTORS, coerce=Sector, blank=_l("All sectors")
    )
    group = SelectField(_l("Only"), choices=SEGMENT_GROUPS, coerce=Group, blank=_l("All organisations"))
    not_yet = SelectField(_l("Only those who"), choices=_asked_of, coerce=NotYet, blank=_l("All of them"))

    def letter(self) -> Letter:
        segment = Segment(self.kind.data, self.sector.data, self.group.data, self.not_yet.data)
        return Letter(dict(self.title.data), dict(self.text.data), segment)

    @classmethod
    def of(cls, letter: Newsletter) -> NewsletterForm:
        segment = Segment.of(letter.segment)
        chosen = {name: getattr(segment, name) for name in ("kind", "sector", "group", "not_yet")}
        return cls(data={"title": letter.title, "text": letter.text, **chosen})
