"""The form that every form of the product derives from."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from ..errors import Invalid
from .wording import FORM_TOO_OLD, Wording

_WORDING = Wording()


class FormError(NamedTuple):
    """One line of the error summary. ``anchor`` is the id of the input to jump to, None for the form as a whole."""

    anchor: str | None
    label: Any
    message: Any


class _Csrf(FlaskForm.Meta.csrf_class):  # type: ignore[misc]  # flask_wtf is untyped
    def validate_csrf_token(self, form: Any, field: Any) -> None:
        try:
            super().validate_csrf_token(form, field)
        except ValidationError:
            raise ValidationError(str(FORM_TOO_OLD)) from None


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf is untyped
    """CSRF token, messages in the reader's language, what was typed stays when something is wrong.

    Fields come from ``kernel.forms``, not from ``wtforms``: ours take Persian digits and clean what is typed.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf_class = _Csrf

        def get_translations(self, form: Any) -> Wording:
            return _WORDING

    def refuse(self, error: Invalid) -> None:
        """Show an operation's refusal at the field that it names, or above the form."""
        field = self._fields.get(error.field) if error.field else None
        if field is None:
            self.form_errors.append(str(error.reason))
        else:
            field.errors = [*field.errors, str(error.reason)]

    @property
    def error_list(self) -> list[FormError]:
        """All errors in the order of the page, for the summary at its top."""
        lines = [FormError(None, None, message) for message in self.form_errors]
        for field in self:
            lines += [FormError(_anchor(field), _label(field), message) for message in field.errors]
        return lines


def _anchor(field: Any) -> str | None:
    if field.flags.hidden:
        return None
    return str(getattr(field, "anchor", field.id))


def _label(field: Any) -> Any:
    return None if field.flags.hidden else field.label.text
