"""The database and the one door for every change.

``perform(work)`` gives ``work(session)`` a write transaction, lets it run one operation, refuses a change that recorded
no audit entry, commits once, and returns what ``work`` returned, after the COMMIT. Reading goes through ``db.session``,
whose connection cannot write.

SQLite: one writer thread takes up to 64 waiting units of work into one ``BEGIN IMMEDIATE`` transaction, each in its own
SAVEPOINT, so that a failing one fails alone (group commit). PostgreSQL: inline, one transaction each, tried again on
serialization failures and deadlocks.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import ColumnElement, DateTime, Dialect, Engine, MetaData, Table, Text, event, type_coerce
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.orm import registry as Registry  # noqa: N812
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")

BATCH_LIMIT = 64
RETRIES = 6
RETRYABLE = {"40001", "40P01"}
POOL = {"pool_size": 10, "max_overflow": 40}
"""A request that writes holds two connections, one to read and one through the door: enough for 24 threads and jobs."""
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        moment = value.astimezone(timezone.utc)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class CodeSet(TypeDecorator[tuple[str, ...]]):
    """A few short codes in one column, sorted, as ``|a|b|``: a row tells them without a join. See ``holds``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        codes = sorted({str(code) for code in value or ()})
        return f"|{'|'.join(codes)}|" if codes else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(code for code in (value or "").split("|") if code)


def holds(column: Any, code: str) -> ColumnElement[bool]:
    """Whether a CodeSet column holds the code."""
    return type_coerce(column, Text).contains(f"|{code}|", autoescape=True)


NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    registry = Registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UtcDateTime})


def choice(kind: type[Enum], *, length: int = 30) -> SqlEnum:
    """A column type for a string enum: its values as text, guarded by a CHECK constraint."""
    values = [str(member.value) for member in kind]
    return SqlEnum(
        kind,
        values_callable=lambda _kind: values,
        native_enum=False,
        create_constraint=True,
        name=kind.__name__.lower(),
        length=length,
    )


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table of a model, for Core statements."""
    return cast("Table", model.__table__)


class StrayWrite(RuntimeError):
    """Somebody tried to write outside perform()."""


class TransactionLost(RuntimeError):
    """The database gave up the transaction under a unit of work (disk full); ``__cause__`` is that unit's fault."""


class UnrecordedChange(RuntimeError):
    """A unit of work changed rows and recorded no audit entry."""


SNAPSHOT = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
"""PostgreSQL: everything that a request reads is of one moment, as it is on SQLite."""


class ReadSession(FlaskSession):
    """The request's session: reads only, and sees one moment until it is rolled back."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """One read-only engine for the whole session: each new one would take a connection of its own."""
        bind = super().get_bind(*args, **kwargs)
        if not isinstance(bind, Engine):
            return bind
        known: dict[Engine, Engine] = self.info.setdefault("read_only", {})
        if bind not in known:
            options = SNAPSHOT if bind.dialect.name == "postgresql" else {}
            known[bind] = bind.execution_options(readonly=True, **options)
        return known[bind]

    def commit(self) -> None:
        raise StrayWrite("db.session only reads; changes go through perform()")

    def flush(self, objects: Any = None) -> None:
        if self.new or self.deleted or any(self.is_modified(thing) for thing in self.dirty):
            raise StrayWrite("db.session only reads; changes go through perform()")


db = SQLAlchemy(model_class=Base, session_options={"class_": ReadSession})

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model


class WriteSession(Session):
    """The session of one unit of work. ``info["entries"]`` holds what audit.record() noted.

    ``info["log_what_is_done"]()`` gives the entries of the units before it in the same transaction to the log at once.
    """

    def __init__(self, bind: Connection) -> None:
        super().__init__(bind=bind, join_transaction_mode="create_savepoint", expire_on_commit=False)
        self.info["entries"] = []
        self.info["changed"] = set()

    def commit(self) -> None:
        raise StrayWrite("perform() commits, the work does not")

    def finish(self) -> None:
        """Flush, check that what changed was recorded."""
        self.flush()
        changed = self.info["changed"]
        if changed and not self.info["entries"]:
            raise UnrecordedChange(f"changed {', '.join(sorted(changed))} and recorded no audit entry")

    def release(self) -> None:
        """Release the savepoint. When that fails, SQLAlchemy does not roll back to it: the transaction has to go."""
        try:
            super().commit()
        except BaseException as fault:
            self.close()
            raise TransactionLost from fault


def _note_change(session: Session, table: Any) -> None:
    if table is not None and not table.info.get("housekeeping"):
        session.info["changed"].add(table.name)


@event.listens_for(WriteSession, "before_flush")
def _note_flushed(session: Session, _context: Any, _instances: Any) -> None:
    touched = [*session.new, *session.deleted, *(thing for thing in session.dirty if session.is_modified(thing))]
    for thing in touched:
        _note_change(session, thing.__table__)


@event.listens_for(ReadSession, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise StrayWrite("db.session only reads; changes go through perform()")


@event.listens_for(WriteSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _note_change(state.session, getattr(state.statement, "table", None))


def _fail(units: list[_Unit], fault: BaseException) -> None:
    for unit in units:
        unit.future.set_exception(fault)


Append = Callable[[Connection, Sequence[Any]], None]
AfterCommit = Callable[[Sequence[Any]], None]


def _append_nothing(_connection: Connection, _entries: Sequence[Any]) -> None:
    return None


def _after_nothing(_entries: Sequence[Any]) -> None:
    return None


@dataclass(slots=True)
class _Unit:
    work: Callable[[WriteSession], Any]
    future: Future[Any] = field(default_factory=Future)
    value: Any = None
    entries: list[Any] = field(default_factory=list)
    is_logged: bool = False


def _log_nothing() -> None:
    return None


def _run(connection: Connection, unit: _Unit, log_what_is_done: Callable[[], None] = _log_nothing) -> None:
    """Run one unit in its own savepoint; on failure the savepoint alone is rolled back."""
    session = WriteSession(connection)
    session.info["log_what_is_done"] = log_what_is_done
    try:
        unit.value = unit.work(session)
        session.finish()
        unit.entries = list(session.info["entries"])
    except BaseException as fault:
        _abandon(session, fault)
        raise
    session.release()
    session.close()


def _abandon(session: WriteSession, fault: BaseException) -> None:
    """Roll back to the savepoint. A database that has dropped the whole transaction by itself has no savepoint left."""
    try:
        session.close()
    except DBAPIError:
        raise TransactionLost from fault


class Door:
    """The door of one application: ``append`` writes the entries of finished work into the log, in its transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.append: Append = _append_nothing
        self.after_commit: AfterCommit = _after_nothing
        self.closed_because: Callable[[], Exception | None] = lambda: None
        self._queue: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def perform(self, work: Callable[[WriteSession], T]) -> T:
        refusal = self.closed_because()
        if refusal is not None:
            raise refusal
        unit = _Unit(work)
        if self.engine.dialect.name == "sqlite":
            self._enqueue(unit)
        else:
            self._run_inline(unit)
        value: T = unit.future.result()
        self.after_commit(unit.entries)
        return value

    def close(self) -> None:
        """Let the writer thread finish what is queued and end."""
        with self._lock:
            if self._thread is not None:
                self._queue.put(None)
                self._thread.join()
                self._thread = None

    def _enqueue(self, unit: _Unit) -> None:
        if threading.current_thread() is self._thread:
            raise StrayWrite("perform() inside perform(): operations never call operations")
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_forever, name="ucc-writer", daemon=True)
                self._thread.start()
            self._queue.put(unit)

    def _write_forever(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ending = [first], False
            while len(batch) < BATCH_LIMIT and not self._queue.empty():
                unit = self._queue.get()
                if unit is None:
                    ending = True
                    break
                batch.append(unit)
            self._write_batch(batch)
            if ending:
                return

    def _write_batch(self, batch: list[_Unit]) -> None:
        """One transaction; when the database drops it under one unit, the others run again in another one."""
        while batch:
            done: list[_Unit] = []
            try:
                with self.engine.begin() as connection:
                    for unit in batch:
                        self._run_in_batch(connection, unit, done)
                    self._log(connection, done)
            except TransactionLost:
                batch = [unit for unit in batch if not unit.future.done()]
                for unit in batch:
                    unit.is_logged = False
                continue
            except BaseException as fault:
                _fail([unit for unit in batch if not unit.future.done()], fault)
                return
            for unit in done:
                unit.future.set_result(unit.value)
            return

    def _run_in_batch(self, connection: Connection, unit: _Unit, done: list[_Unit]) -> None:
        logged: list[_Unit] = []
        try:
            _run(connection, unit, lambda: logged.extend(self._log(connection, done)))
            done.append(unit)
        except TransactionLost as lost:
            unit.future.set_exception(lost.__cause__ or lost)
            raise
        except Exception as fault:
            unit.future.set_exception(fault)
            for other in logged:  # what it logged went with its savepoint
                other.is_logged = False

    def _log(self, connection: Connection, done: list[_Unit]) -> list[_Unit]:
        """Give the entries of finished units to the log, each once; the units."""
        waiting = [unit for unit in done if not unit.is_logged]
        self.append(connection, [entry for unit in waiting for entry in unit.entries])
        for unit in waiting:
            unit.is_logged = True
        return waiting

    def _run_inline(self, unit: _Unit) -> None:
        for attempt in range(RETRIES):
            try:
                self._run_alone(unit)
            except DBAPIError as fault:
                if getattr(fault.orig, "sqlstate", None) not in RETRYABLE or attempt == RETRIES - 1:
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
            else:
                unit.future.set_result(unit.value)
                return

    def _run_alone(self, unit: _Unit) -> None:
        try:
            with self.engine.begin() as connection:
                _run(connection, unit)
                self.append(connection, unit.entries)
        except TransactionLost as lost:
            raise lost.__cause__ or lost from None


def door() -> Door:
    found: Door = current_app.extensions["ucc.door"]
    return found


def perform(work: Callable[[WriteSession], T]) -> T:
    """Run one operation in a write transaction of the current application and return its value after the COMMIT.

    Raises what the work raised (nothing of it remains), UnrecordedChange, or the database's own error.
    The request's read session starts afresh afterwards, so that it sees what was written.
    """
    value = door().perform(work)
    db.session.rollback()
    return value


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "secure_delete=ON",
            "cache_size=-16000",
            "mmap_size=134217728",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("readonly")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def forget_write_ahead(engine: Engine) -> bool:
    """SQLite: move the write-ahead log into the database and empty its file, so that no old page stays in it.

    False while somebody reads older pages: to be tried again. PostgreSQL keeps its own house (docs/privacy.md).
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=500")
        [busy, _pages, _moved] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute("PRAGMA busy_timeout=10000")
    finally:
        connection.close()
    return bool(busy == 0)


def init_app(app: Flask, database_url: str) -> None:
    """Bind the database to the application and open its door."""
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    is_sqlite = database_url.startswith("sqlite")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**POOL, "pool_pre_ping": not is_sqlite}
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    app.extensions["ucc.door"] = Door(engine)
