"""Making and closing the application under test. Imported late: tests of pure code need none of it.

Thousands of tests make an application each. Two things that a server does once would take half of their time: code that
builds addresses, compiled for every route, waits here until a route's address is asked for; compiled templates are kept
in a folder of the run, under the hash of their source.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

_compile_builder = Rule._compile_builder


def _compile_when_asked(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    """What builds the addresses of a route; compiled at the first one."""
    compiled: list[Callable[..., Any]] = []

    def build(bound: Rule, *facts: Any, **values: Any) -> Any:
        if not compiled:
            compiled.append(_compile_builder(rule, append_unknown))
        return compiled[0].__get__(bound, None)(*facts, **values)

    return build


Rule._compile_builder = _compile_when_asked  # type: ignore[method-assign, assignment]


@cache
def _templates() -> FileSystemBytecodeCache:
    return FileSystemBytecodeCache(_folder().name)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="ucc-templates-")


def make_app(environment: Mapping[str, str], clock: Any = None) -> Flask:
    """The application as these variables set it."""
    from ucc_participate.app import create_app
    from ucc_participate.settings import Settings

    app = create_app(Settings.from_environment(environment), testing=True, at=clock)
    app.jinja_env.bytecode_cache = _templates()
    return app


def close_app(app: Flask) -> None:
    """Let the writer thread end and give every connection back."""
    from ucc_participate.kernel.db import db

    app.extensions["ucc.door"].close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
