"""Messages: catalogues in, texts out, with the numbers and dates inside them written for the reader."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Domain
from flask_babel.speaklater import LazyString
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from .dates import day, moment
from .numerals import number
from .readers import Reader, reader

_NUMERIC_PLACEHOLDER = re.compile(r"(?<!%)((?:%%)*)%\((\w+)\)[-+ #0]*\d*(?:\.\d+)?[dife]")


def written(value: Any, for_reader: Reader) -> Any:
    """A placeholder's value as the reader writes it: numbers and dates change, text and truth values do not."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return number(value, locale=for_reader.locale)
    if isinstance(value, datetime):
        return moment(value, locale=for_reader.locale, calendar=for_reader.calendar, tz=for_reader.tz)
    if isinstance(value, date):
        return day(value, locale=for_reader.locale, calendar=for_reader.calendar)
    return value


def fill(text: str, variables: Mapping[str, Any]) -> str:
    """Put the variables into a message. ``%(n)d`` counts as ``%(n)s``, so that digits are the reader's."""
    if not variables:
        return text
    now_reader = reader()
    values = {name: written(value, now_reader) for name, value in variables.items()}
    return type(text)(_textual(str(text))) % values


class Messages(Domain):  # type: ignore[misc]  # flask_babel is untyped
    """The catalogue of the site, answering ``flask_babel.gettext`` and its kin."""

    def __init__(self) -> None:
        super().__init__()
        self._loaded: dict[str, Any] = {}

    def get_translations(self) -> Any:
        """The catalogue of the current reader; the parent spells the locale's name anew at every call."""
        locale = reader().locale
        if locale not in self._loaded:
            self._loaded[locale] = super().get_translations()
        return self._loaded[locale]

    def gettext(self, string: str, **variables: Any) -> str:
        return fill(self.get_translations().ugettext(string), variables)

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        return fill(self.get_translations().ungettext(singular, plural, num), {"num": num, **variables})

    def pgettext(self, context: str, string: str, **variables: Any) -> str:
        return fill(self.get_translations().upgettext(context, string), variables)

    def npgettext(self, context: str, singular: str, plural: str, num: int, **variables: Any) -> str:
        text = self.get_translations().unpgettext(context, singular, plural, num)
        return fill(text, {"num": num, **variables})


def teach_templates(app: Flask, messages: Messages) -> None:
    """Let templates translate: variables are escaped, counted numbers get the reader's digits."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]

    @pass_context
    def gettext(context: Context, string: str, **variables: Any) -> str:
        return _in_template(context, messages.get_translations().ugettext(string), variables)

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, **variables: Any) -> str:
        text = messages.get_translations().ungettext(singular, plural, num)
        return _in_template(context, text, {"num": num, **variables})

    @pass_context
    def pgettext(context: Context, message_context: str, string: str, **variables: Any) -> str:
        return _in_template(context, messages.get_translations().upgettext(message_context, string), variables)

    @pass_context
    def npgettext(
        context: Context, message_context: str, singular: str, plural: str, num: int, **variables: Any
    ) -> str:
        text = messages.get_translations().unpgettext(message_context, singular, plural, num)
        return _in_template(context, text, {"num": num, **variables})

    app.jinja_env.globals.update(gettext=gettext, ngettext=ngettext, pgettext=pgettext, npgettext=npgettext)


def make_lazy_text_escape_itself() -> None:
    """flask_babel's lazy strings declare themselves safe HTML, with whatever people typed into their variables."""
    LazyString.__html__ = lambda self: escape(str(self))


def ensure_compiled(translations_dir: Path) -> list[str]:
    """Compile every catalogue whose .mo is missing or older than its .po. Returns the locales that were compiled."""
    stale = [po for po in sorted(translations_dir.glob("*/LC_MESSAGES/*.po")) if _is_stale(po, po.with_suffix(".mo"))]
    for po in stale:
        compile_catalogue(po)
    return [po.parent.parent.name for po in stale]


def compile_catalogue(po: Path) -> None:
    """Write the .mo beside the .po, in one step so that another process never reads half of it."""
    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name)
    handle, name = tempfile.mkstemp(dir=po.parent, suffix=".mo.part")
    with os.fdopen(handle, "wb") as target:
        write_mo(target, catalogue)
    Path(name).chmod(0o644)
    os.replace(name, po.with_suffix(".mo"))


def _is_stale(po: Path, mo: Path) -> bool:
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _in_template(context: Context, text: str, variables: Mapping[str, Any]) -> str:
    # The message is ours and may hold markup; what is filled in gets escaped.
    marked = Markup(text) if context.eval_ctx.autoescape else text  # noqa: S704
    # `{% trans %}` doubles the percent signs of its text, also where it has no variables.
    return fill(marked, variables) if variables else type(marked)(marked.replace("%%", "%"))


@lru_cache(maxsize=4096)
def _textual(text: str) -> str:
    return _NUMERIC_PLACEHOLDER.sub(r"\1%(\2)s", text)
