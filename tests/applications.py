"""Making and closing the application under test. Imported late: tests of pure code need none of it.

Thousands of tests make an application each. What a server does once would take most of their time: the routes are
parsed once and shared by all applications that have the same, as are the SQL of statements and the catalogues of
messages; templates are compiled once and kept, under the hash of their source, for this run and the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, cast

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, Pool, QueuePool, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, MapAdapter, Rule, RuleFactory

from ucc_participate.kernel.db import db

TEMPLATES = Path(__file__).parent.parent / ".pytest_cache" / "templates"


class SharedMap(Map):
    """A map of routes that is parsed when first asked, and then only if no application before had the same routes."""

    _parsed: ClassVar[dict[tuple[Any, ...], Map]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: list[Rule] = []
        self._is_own = True

    def add(self, rulefactory: RuleFactory) -> None:
        if not self._is_own:  # a test adds a route of its own to an application that is in use
            self._parse([rule.empty() for rule in self._known])
        self._waiting += rulefactory.get_rules(self)

    def _settle(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        key = tuple(map(facts_of, waiting))
        if self._rules_by_endpoint:
            self._parse(waiting)
            return
        if key not in self._parsed:
            whole = Map()
            for rule in waiting:
                whole.add(rule)
            whole.update()
            self._parsed[key] = whole
        shared = self._parsed[key]
        self._matcher, self._rules_by_endpoint, self._remap = shared._matcher, shared._rules_by_endpoint, False
        self._known, self._is_own = list(shared._rules), False

    def _parse(self, rules: list[Rule]) -> None:
        """Routes of this application alone."""
        if not self._is_own:
            fresh = Map()
            self._matcher, self._rules_by_endpoint, self._is_own = fresh._matcher, {}, True
        for rule in rules:
            super().add(rule)

    def bind(self, *args: Any, **kwargs: Any) -> MapAdapter:
        self._settle()
        return super().bind(*args, **kwargs)

    def iter_rules(self, endpoint: Any | None = None) -> Iterator[Rule]:
        self._settle()
        return super().iter_rules(endpoint)

    def is_endpoint_expecting(self, endpoint: Any, *arguments: str) -> bool:
        self._settle()
        return super().is_endpoint_expecting(endpoint, *arguments)

    def update(self) -> None:
        self._settle()
        super().update()


def facts_of(rule: Rule) -> tuple[Any, ...]:
    """Everything that a route is made from: maps whose routes are alike in all of it are alike."""
    facts = {"rule": rule.rule, "merge_slashes": rule.merge_slashes, **rule.get_empty_kwargs()}
    facts["defaults"] = tuple(sorted((facts["defaults"] or {}).items()))
    facts["methods"] = tuple(sorted(facts["methods"] or ()))
    return tuple(facts.values())


Flask.url_map_class = SharedMap


def make_app(environment: Mapping[str, str], clock: Any = None) -> Flask:
    """The application as these variables set it."""
    from ucc_participate.app import create_app
    from ucc_participate.settings import Settings

    app = create_app(Settings.from_environment(environment), testing=True, at=clock)
    _share_compiled(app)
    _watch_locks(app)
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))
    return app


_dialects: dict[str, Dialect] = {}
_statements: LRUCache[Any, Any] = LRUCache(5_000)
_catalogues: dict[str, Any] = {}
_pools: dict[str, Pool] = {}
"""PostgreSQL: the pool of each database outlives applications; what a new connection learns costs as much as a test."""


def _share_compiled(app: Flask) -> None:
    """Statements become SQL once, not once for every engine: a cache of SQLAlchemy's is for one engine's dialect."""
    with app.app_context():
        engine = db.engine
    app.extensions["babel"].instance.domain_instance._loaded = _catalogues
    known = _dialects.get(engine.dialect.name)
    if known is None or known.server_version_info is None:  # it has never met its database
        _dialects[engine.dialect.name] = engine.dialect
        return
    engine.dialect = engine.pool._dialect = known
    engine._compiled_cache = _statements
    if known.name == "postgresql":
        engine.pool = _pools.setdefault(str(engine.url.database), engine.pool)


def _watch_locks(app: Flask) -> None:
    """PostgreSQL refuses a lock in a transaction that only reads; SQLite knows no such lock, so it is refused here."""

    def refuse(connection: Any, statement: Any, *_facts: Any) -> None:
        if getattr(statement, "_for_update_arg", None) is not None and connection.get_execution_options().get(
            "readonly"
        ):
            raise AssertionError(f"A lock is asked for while only reading: {statement}")

    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "before_execute", refuse)


def close_app(app: Flask) -> None:
    """Let the writer thread end and give every connection back."""
    app.extensions["ucc.door"].close()
    with app.app_context():
        db.session.remove()
        if _pools.get(str(db.engine.url.database)) is not db.engine.pool:
            db.engine.dispose()


def sessions_at_rest(database: str) -> list[int]:
    """PostgreSQL: the server's processes that wait in this database's pool; none, when a test kept a connection."""
    pool = _pools.get(database)
    if not isinstance(pool, QueuePool):
        return []
    if pool.checkedout():
        leave(database)
        return []
    waiting = [entry.dbapi_connection for entry in cast("Any", pool._pool).queue]
    return [connection.info.backend_pid for connection in waiting if connection is not None]


def leave(database: str) -> None:
    """Close every connection to this database: it is going to be copied or dropped."""
    pool = _pools.pop(database, None)
    if pool is not None:
        pool.dispose()
