"""A record is written without drawing the database into memory, and leaves the connection as it was."""

from __future__ import annotations

import pytest

from ucc_participate.kernel.db import db
from ucc_participate.record import exporting

USUAL = {"mmap_size": 134_217_728, "temp_store": 2, "cache_size": -16_000}


def pragmas(connection) -> dict[str, int]:
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in USUAL}


def test_while_a_record_is_written_nothing_is_mapped_and_afterwards_all_is_as_before(app):
    with app.app_context():
        connection = db.session.connection()
        if connection.dialect.name != "sqlite":
            with exporting.read_once(connection):
                assert connection.exec_driver_sql("SELECT 1").scalar() == 1
            return
        assert pragmas(connection) == USUAL
        with exporting.read_once(connection):
            assert pragmas(connection) == exporting.FRUGAL
        assert pragmas(connection) == USUAL


def test_a_record_that_could_not_be_written_leaves_the_connection_as_it_was(app):
    with app.app_context():
        connection = db.session.connection()
        with pytest.raises(ZeroDivisionError), exporting.read_once(connection):
            raise ZeroDivisionError
        if connection.dialect.name == "sqlite":
            assert pragmas(connection) == USUAL
