"""What a coordinator types to merge or split, and what an author answers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ...kernel.forms import Form, Length, Optional, Required, StringField, TextAreaField
from ..models import BODY_LENGTH, MOST_PARTS, REASON_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH, Part


class _Regrouping(Form):
    reason = TextAreaField(
        _l("Why?"),
        [Required(), Length(min=REASON_LENGTH[0])],
        max_length=REASON_LENGTH[1],
        description=_l("The authors read it when they are asked; everybody reads it once it is done."),
    )


class MergeForm(_Regrouping):
    """The text of the one proposal that shall stand in the end."""

    title = StringField(_l("Title"), [Required(), Length(min=TITLE_LENGTH[0])], max_length=TITLE_LENGTH[1])
    summary = TextAreaField(_l("In short"), [Required()], max_length=SUMMARY_LENGTH)
    body = TextAreaField(_l("More about it"), max_length=BODY_LENGTH)

    def parts(self) -> list[Part]:
        return [Part(self.title.data or "", self.summary.data or "", self.body.data or "")]


class SplitForm(_Regrouping):
    """The texts of its parts; at least two. A part without title and summary is none."""

    def parts(self) -> list[Part]:
        typed = [Part(*((self[f"{name}_{at}"].data or "") for name in NAMES)) for at in range(1, MOST_PARTS + 1)]
        return [part for part in typed if part.title or part.summary or part.body]


NAMES = ("title", "summary", "body")


def _add_parts() -> None:
    for at in range(1, MOST_PARTS + 1):
        needed: list[Any] = [Required() if at <= 2 else Optional()]
        title = StringField(_l("Title"), [*needed, Length(min=TITLE_LENGTH[0])], max_length=TITLE_LENGTH[1])
        setattr(SplitForm, f"title_{at}", title)
        setattr(SplitForm, f"summary_{at}", TextAreaField(_l("In short"), needed, max_length=SUMMARY_LENGTH))
        setattr(SplitForm, f"body_{at}", TextAreaField(_l("More about it"), max_length=BODY_LENGTH))


_add_parts()


class CarryOutForm(Form):
    """Needed only while an author has not agreed."""

    override_reason = TextAreaField(
        _l("Why is it done without every author’s consent?"),
        max_length=REASON_LENGTH[1],
        description=_l("Everybody can read this reason, in the log and in the record."),
    )
