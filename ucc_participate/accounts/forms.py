"""What may be typed into the pages of accounts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel import clock
from ..kernel.forms import (
    BooleanField,
    EmailField,
    Form,
    PasswordField,
    RadioField,
    Required,
    SelectField,
    StringField,
    ValidationError,
)
from ..kernel.i18n import CALENDARS, JALALI_YEARS_AFTER, LANGUAGE_NAMES, digits, reader
from ..kernel.identity import Role
from ..vocabularies.uccn import SECTORS, Sector
from . import passwords
from .models import GRANTABLE_ROLES, AboutYou, Profile, Sex

NAME_LENGTH = 80
FUNCTION_LENGTH = 120
DISTRICT_LENGTH = 80
OLDEST, YOUNGEST = 100, 10
"""Ages between which the five-year spans of birth are offered."""

_NOT_SAID = _l("I would rather not say")

SEXES = {Sex.FEMALE.value: _l("Woman"), Sex.MALE.value: _l("Man"), Sex.OTHER.value: _l("Another")}
ROLE_NAMES = {
    Role.COORDINATOR.value: _l("Coordinator"),
    Role.CLERK.value: _l("Clerk"),
    Role.MODERATOR.value: _l("Moderator"),
    Role.EVALUATOR.value: _l("Evaluator"),
}
ROLE_HINTS = {
    Role.COORDINATOR.value: _l("Runs processes, answers proposals, gives roles."),
    Role.CLERK.value: _l("Enters what people bring on paper or by telephone."),
    Role.MODERATOR.value: _l("Looks after the tone of discussions."),
    Role.EVALUATOR.value: _l("Reads everything, changes nothing."),
}
CALENDAR_NAMES = {"jalali": _l("Solar Hijri"), "gregorian": _l("Gregorian")}


def birth_bands() -> list[tuple[int, str]]:
    """``(first Gregorian year, label in the reader's calendar)`` of each span of five years, youngest first."""
    this_year = clock.now().year
    first, last = (this_year - OLDEST) // 5 * 5, (this_year - YOUNGEST) // 5 * 5
    return [(year, band_label(year)) for year in range(last, first - 1, -5)]


def band_label(year: int) -> str:
    """Such as ``1990 to 1994``, in Persian ``۱۳۶۹ تا ۱۳۷۳``."""
    for_reader = reader()
    offset = JALALI_YEARS_AFTER if for_reader.calendar == "jalali" else 0
    first, last = (digits(edge - offset, locale=for_reader.locale) for edge in (year, year + 4))
    return str(_("%(first)s to %(last)s", first=first, last=last))


class LinkForm(Form):
    """Whose address a link is mailed to."""

    email = EmailField(_l("E-mail address"), [Required()])


class PasswordSignInForm(Form):
    email = EmailField(_l("E-mail address"), [Required()])
    password = PasswordField(_l("Password"), [Required()], render_kw={"autocomplete": "current-password"})


class AboutYouForm(Form):
    """All of it optional; what each is for, who sees it and how long it is kept stands in purposes.questions."""

    sex = SelectField(
        _l("Sex"),
        choices=SEXES,
        blank=_NOT_SAID,
    )
    birth_band = SelectField(
        _l("Years of birth"),
        choices=birth_bands,
        coerce=int,
        blank=_NOT_SAID,
    )
    district = StringField(
        _l("District or neighbourhood"),
        max_length=DISTRICT_LENGTH,
    )
    sector = SelectField(
        _l("Where you work or are active"),
        choices=SECTORS,
        blank=_NOT_SAID,
    )

    @property
    def about(self) -> AboutYou:
        return AboutYou(
            sex=Sex(self.sex.data) if self.sex.data else None,
            birth_year=self.birth_band.data,
            district=self.district.data or None,
            sector=Sector(self.sector.data) if self.sector.data else None,
        )

    @staticmethod
    def values_of(profile: Profile | None) -> dict[str, Any]:
        """How a stored profile stands in the form."""
        if profile is None:
            return {}
        return {
            "sex": profile.sex.value if profile.sex else None,
            "birth_band": profile.birth_band,
            "district": profile.district,
            "sector": profile.sector.value if profile.sector else None,
        }


class NewPassword:
    """Adds a check of ``new_password`` against what somebody who knows the person would guess."""

    owner_email = ""
    owner_name = ""

    def validate_new_password(self, field: Any) -> None:
        name = getattr(self, "display_name", None)
        known_name = self.owner_name if name is None else name.data
        reason = passwords.weakness(field.data, email=self.owner_email, name=known_name) if field.data else None
        if reason is not None:
            raise ValidationError(str(reason))


class SignUpForm(NewPassword, AboutYouForm):
    display_name = StringField(
        _l("Your name"),
        [Required()],
        max_length=NAME_LENGTH,
        description=_l("Your proposals show it, if you want that. A name by which people know you is enough."),
        render_kw={"autocomplete": "name"},
    )
    new_password = PasswordField(
        _l("Password"),
        description=_l("You can leave this out: then you sign in with a link by e-mail each time."),
        render_kw={"autocomplete": "new-password"},
    )
    consent = BooleanField(_l("I have read the terms and agree to them."), [Required()])


class ConsentForm(Form):
    consent = BooleanField(_l("I have read the terms and agree to them."), [Required()])


class DetailsForm(Form):
    display_name = StringField(
        _l("Your name"), [Required()], max_length=NAME_LENGTH, render_kw={"autocomplete": "name"}
    )
    function = StringField(
        _l("Your function"),
        max_length=FUNCTION_LENGTH,
        description=_l("It stands beside your name under the answers that you give for the city."),
        render_kw={"autocomplete": "organization-title"},
    )
    locale = SelectField(_l("Language"), [Required()], choices=LANGUAGE_NAMES, blank=None)
    calendar = RadioField(_l("Calendar"), [Required()], choices={name: CALENDAR_NAMES[name] for name in CALENDARS})


class PasswordForm(NewPassword, Form):
    new_password = PasswordField(
        _l("New password"),
        [Required()],
        description=_l("At least ten characters. A few words in a row are easy to keep in mind and hard to guess."),
        render_kw={"autocomplete": "new-password"},
    )


class NewEmailForm(Form):
    email = EmailField(_l("New e-mail address"), [Required()])


class GrantForm(Form):
    role = RadioField(
        _l("Role"),
        [Required()],
        choices=[(role.value, ROLE_NAMES[role.value], ROLE_HINTS[role.value]) for role in GRANTABLE_ROLES],
    )


class SearchForm(Form):
    """A GET form: no token."""

    class Meta(Form.Meta):
        csrf = False

    email = StringField(_l("Beginning of the e-mail address"), render_kw={"dir": "ltr", "autocomplete": "off"})
