"""The form of the style guide: one field of each kind. Its words are samples, in two languages at once."""

from __future__ import annotations

from ..kernel.files import Kind
from ..kernel.forms import (
    BooleanField,
    CheckboxesField,
    DayField,
    EmailField,
    Form,
    IntegerField,
    Length,
    LocalizedTextField,
    MomentField,
    Optional,
    PasswordField,
    RadioField,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    UploadField,
)


class SampleForm(Form):
    """Never saved: it is looked at, and sent empty to look at its errors."""

    line = StringField(
        "عنوان · Title", [Required(), Length(min=5)], max_length=120, description="یک جمله · One sentence"
    )
    text = TextAreaField(
        "متن · Text", [Required()], description="چه، کجا، برای که · What, where, for whom", max_length=2000
    )
    email = EmailField("رایانامه · E-mail", [Optional()])
    password = PasswordField("گذرواژه · Password", [Optional()])
    cost = IntegerField("هزینه · Cost", [Optional()])
    kind = SelectField("گونه · Kind", [Required()], choices=[("a", "پروژه · Project"), ("b", "سیاست · Policy")])
    level = RadioField(
        "سطح · Level",
        [Required()],
        choices=[("l", "محلی · Local", "در شهر · In the city"), ("i", "بین‌المللی · International")],
    )
    people = CheckboxesField("برای که · For whom", choices=[("w", "زنان · Women"), ("y", "جوانان · Young people")])
    day = DayField("روز · Day", [Required()], description="روز آغاز · The first day")
    moment = MomentField("زمان · Moment", [Optional()])
    name = LocalizedTextField("نام · Name", [Optional()])
    picture = UploadField("عکس · Picture", [Optional()], kinds=[Kind.JPEG, Kind.PNG], max_bytes=3_000_000)
    agreed = BooleanField("می‌پذیرم · I agree", [Required()])
