"""What is typed and uploaded about eligibility."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    BirthYearField,
    BooleanField,
    CheckboxesField,
    DayField,
    EmailField,
    Form,
    IntegerField,
    NumberRange,
    Optional,
    Required,
    StringField,
    TableField,
    TextAreaField,
    UploadField,
)
from .models import Method, Rules
from .wording import METHOD_HINTS, METHODS

WAYS = [(method.value, METHODS[method], METHOD_HINTS[method]) for method in Method]


class RulesForm(Form):
    methods = CheckboxesField(_l("How people can prove it"), choices=WAYS)
    min_age = IntegerField(
        _l("Least age"),
        [Optional(), NumberRange(min=6, max=30)],
        description=_l("Counted by year of birth: who reaches it within the year may vote. Empty: any age."),
    )
    guardian_below = IntegerField(
        _l("A guardian must agree for people under"), [Optional(), NumberRange(min=7, max=25)]
    )
    is_unchecked = BooleanField(_l("Check nobody"))
    reason = TextAreaField(
        _l("Why nobody is checked"),
        max_length=600,
        description=_l("Everybody reads this beside a red warning on every page of the process."),
    )

    @classmethod
    def of(cls, rules: Rules) -> RulesForm:
        return cls(
            data={
                "methods": [method.value for method in rules.methods],
                "min_age": rules.min_age,
                "guardian_below": rules.guardian_below,
                "is_unchecked": not rules.is_checked,
                "reason": rules.unchecked_because or "",
            }
        )

    @property
    def rules(self) -> Rules:
        chosen = tuple(method for method in Method if method.value in (self.methods.data or ()))
        reason = (self.reason.data or "") if self.is_unchecked.data else None
        return Rules(chosen, reason, self.min_age.data, self.guardian_below.data)


class ListForm(Form):
    title = StringField(_l("What list it is"), [Required()], max_length=160)
    asks_for = StringField(
        _l("What people type to be found on it"),
        [Required()],
        max_length=80,
        description=_l("For example: your national number, your membership number."),
    )
    file = TableField(
        _l("The list"),
        [Required()],
        description=_l("CSV or XLSX: a number in the first column, maybe the year of birth in the second."),
    )


class CodesForm(Form):
    title = StringField(_l("For whom they are"), [Required()], max_length=160)
    size = IntegerField(_l("How many"), [Required(), NumberRange(min=1, max=20_000)])
    expires_on = DayField(_l("Last day on which they work"), [Required()])


class CodeForm(Form):
    code = StringField(
        _l("Your code"),
        [Required()],
        max_length=40,
        description=_l("Eleven letters and digits, as in the letter."),
        render_kw={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    birth_year = BirthYearField(_l("Year of birth"), [Optional()])


class NumberForm(Form):
    number = StringField(
        _l("Your number"), [Required()], max_length=40, render_kw={"dir": "ltr", "autocomplete": "off"}
    )
    birth_year = BirthYearField(_l("Year of birth"), [Optional()])


class PhoneForm(Form):
    phone = StringField(
        _l("Mobile number"),
        [Required()],
        max_length=30,
        description=_l("It is used to send the code and is then forgotten."),
        render_kw={"dir": "ltr", "autocomplete": "tel", "inputmode": "tel"},
    )


class PhoneCodeForm(Form):
    sms_code = StringField(
        _l("The code from the message"),
        [Required()],
        max_length=12,
        render_kw={"dir": "ltr", "autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    birth_year = BirthYearField(_l("Year of birth"), [Optional()])


class FindForm(Form):
    email = EmailField(_l("E-mail address of the account"), [Required()])


class CheckForm(Form):
    is_seen = BooleanField(_l("I have seen a paper with a picture, and it is this person’s."), [Required()])
    birth_year = BirthYearField(_l("Year of birth"), [Optional()])


class GuardianForm(Form):
    guardian = StringField(_l("Name of the guardian"), [Required()], max_length=160)
    scan = UploadField(
        _l("The signed sheet"), kinds=(*IMAGES, *DOCUMENTS), max_bytes=10_000_000, description=_l("A photo is enough.")
    )


class ReasonForm(Form):
    reason = TextAreaField(_l("Reason"), [Required()], max_length=500, description=_l("The person reads it."))
