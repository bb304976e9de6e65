"""gettext with types: flask_babel has none, and every sentence of a fact is a text."""

from __future__ import annotations

from collections.abc import Callable

import flask_babel

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext
