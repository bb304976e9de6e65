"""Forms: fields, checks and guards. Everything a domain's ``forms.py`` needs is imported from here."""

from wtforms.validators import AnyOf, EqualTo, Regexp, ValidationError

from .base import Form, FormError
from .compound import CompoundField, DayField, LocalizedTextField, MomentField
from .fields import (
    BooleanField,
    CheckboxesField,
    DecimalField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TableField,
    TextAreaField,
    UploadField,
    WebAddressField,
    number_from,
)
from .guards import HumanCheck, Idempotent
from .validators import (
    DateRange,
    EmailAddress,
    Length,
    NumberRange,
    Optional,
    Required,
    WebAddress,
    WordLimit,
    was_given,
)

__all__ = [
    "AnyOf",
    "BooleanField",
    "CheckboxesField",
    "CompoundField",
    "DateRange",
    "DayField",
    "DecimalField",
    "EmailAddress",
    "EmailField",
    "EqualTo",
    "Form",
    "FormError",
    "HiddenField",
    "HumanCheck",
    "Idempotent",
    "IntegerField",
    "Length",
    "LocalizedTextField",
    "MomentField",
    "NumberRange",
    "Optional",
    "PasswordField",
    "RadioField",
    "Regexp",
    "Required",
    "SelectField",
    "StringField",
    "TableField",
    "TextAreaField",
    "UploadField",
    "ValidationError",
    "WebAddress",
    "WebAddressField",
    "WordLimit",
    "number_from",
    "was_given",
]
