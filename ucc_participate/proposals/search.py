"""What lists and search read beside the proposals themselves: tags, counts by tag, and the words of each text.

The words stand in a full-text index of the database's own kind, over the folded text: SQLite FTS5, whose row ids are
``process << 32 | number`` so that one process is one range in the order of the list; PostgreSQL ``tsvector`` with GIN.
Neither is a model: the first migration makes them by ``create_statements``. Both begin with ``proposal_search``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSQUERY
from sqlalchemy.orm import Session

from ..kernel.db import table_of
from ..kernel.text import ZWNJ, fold, search_terms
from .models import LISTED, Proposal, ProposalCount, ProposalTag, ProposalWord

TABLE = "proposal_search"
LONGEST_WORD = 60
LONGEST_QUERY = 200
MOST_WORDS = 8

_WORD = re.compile(r"[^\W_]+")
_SHIFT = 32
_tags = table_of(ProposalTag)
_counts = table_of(ProposalCount)
_words = table(TABLE, column("process_id", Integer), column("number", Integer), column("words"))
_add_count = text(
    "INSERT INTO proposal_count (process_id, tag, proposals) VALUES (:process_id, :tag, :by) "
    "ON CONFLICT (process_id, tag) DO UPDATE SET proposals = proposal_count.proposals + excluded.proposals"
)
_add_word = text(
    "INSERT INTO proposal_word (process_id, word, proposals) VALUES (:process_id, :word, :by) "
    "ON CONFLICT (process_id, word) DO UPDATE SET proposals = proposal_word.proposals + excluded.proposals"
)
_known_words = table_of(ProposalWord)
_add_words: dict[str, Executable] = {
    "sqlite": text(f"INSERT INTO {TABLE} (rowid, words) VALUES (:row, :text)"),  # noqa: S608  # our own constant
    "postgresql": insert(_words).values(
        process_id=bindparam("process_id"),
        number=bindparam("number"),
        words=func.array_to_tsvector(cast(bindparam("words"), ARRAY(TEXT))),
    ),
}


def create_statements(dialect: str) -> list[str]:
    """SQL that makes the full-text index; used by the migration that makes the tables."""
    if dialect == "sqlite":
        return [
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, content='', detail='none', prefix='2 3', "
            "tokenize='unicode61 remove_diacritics 0')"
        ]
    return [
        f"CREATE TABLE {TABLE} (process_id integer NOT NULL, number integer NOT NULL, words tsvector NOT NULL, "
        "PRIMARY KEY (process_id, number))",
        f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words)",
    ]


def drop_statements(_dialect: str) -> list[str]:
    return [f"DROP TABLE {TABLE}"]


def is_of_models(name: str | None, kind: str, _parents: Any) -> bool:
    """Alembic's ``include_name``: the full-text tables come from SQL, and models know nothing of them."""
    return kind != "table" or not (name or "").startswith(TABLE)


def enlist(session: Session, proposals: Sequence[Proposal]) -> None:
    """Put newly public proposals, numbered already, into lists and search."""
    rows = [(proposal.process_id, tag, proposal.number) for proposal in proposals for tag in sorted(proposal.tags)]
    if not rows:
        return
    session.execute(insert(_tags), [dict(zip(("process_id", "tag", "number"), row, strict=True)) for row in rows])
    _count(session, Counter((process_id, tag) for process_id, tag, _number in rows))
    connection, words = session.connection(), [_words_row(proposal) for proposal in proposals]
    connection.execute(_add_words[connection.dialect.name], words)
    _count_words(session, Counter((row["process_id"], word) for row in words for word in row["words"]))


def retag(session: Session, proposal: Proposal, before: frozenset[str]) -> None:
    """Follow a change of state: ``before`` are the tags that the proposal had."""
    gone, new = before - proposal.tags, proposal.tags - before
    place = {"process_id": proposal.process_id, "number": proposal.number}
    if gone:
        here = (_tags.c.process_id == proposal.process_id, _tags.c.number == proposal.number)
        session.execute(delete(_tags).where(*here, _tags.c.tag.in_(sorted(gone))))
    if new:
        session.execute(insert(_tags), [{**place, "tag": tag} for tag in sorted(new)])
    _count(session, {(proposal.process_id, tag): 1 if tag in new else -1 for tag in gone | new})


def words_row(proposal: Proposal) -> dict[str, Any]:
    """What the full-text index holds of a proposal now: to be kept before its text changes, for ``reword``."""
    return _words_row(proposal)


def reword(session: Session, proposal: Proposal, before: dict[str, Any]) -> None:
    """Follow a change of the text; ``before``: words_row as it was."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        gone = text(f"INSERT INTO {TABLE} ({TABLE}, rowid, words) VALUES ('delete', :row, :text)")  # noqa: S608
    else:
        gone = text(f"DELETE FROM {TABLE} WHERE process_id = :process_id AND number = :number")  # noqa: S608
    after = _words_row(proposal)
    connection.execute(gone, before)
    connection.execute(_add_words[connection.dialect.name], [after])
    old, new = set(before["words"]), set(after["words"])
    _count_words(session, {(proposal.process_id, word): 1 if word in new else -1 for word in old ^ new})


def recount(session: Session) -> int:
    """Hold the counts by tag to the rows; the number of those that were wrong."""
    true = select(_tags.c.process_id, _tags.c.tag, func.count()).group_by(_tags.c.process_id, _tags.c.tag)
    actual = {(row[0], row[1]): row[2] for row in session.execute(true)}
    stored = {(row.process_id, row.tag): row.proposals for row in session.execute(select(_counts))}
    wrong = {key: actual.get(key, 0) - stored.get(key, 0) for key in actual.keys() | stored.keys()}
    differences = {key: by for key, by in wrong.items() if by}
    _count(session, differences)
    return len(differences)


def _count(session: Session, changes: dict[tuple[int, str], int]) -> None:
    """Add to the counts, always in the same order, so that concurrent writers cannot wait for one another in a ring."""
    rows = [{"process_id": key[0], "tag": key[1], "by": by} for key, by in sorted(changes.items())]
    if rows:
        session.execute(_add_count, rows)


def _count_words(session: Session, changes: Mapping[tuple[int, str], int]) -> None:
    """In how many proposals each word stands; in one order, as _count."""
    rows = [{"process_id": key[0], "word": key[1], "by": by} for key, by in sorted(changes.items())]
    if rows:
        session.execute(_add_word, rows)


def spread(session: Session, process_id: int, words: Sequence[str]) -> dict[str, int]:
    """In how many proposals of a process each of these folded words stands; words that stand in none are left out."""
    columns = _known_words.c
    query = select(columns.word, columns.proposals).where(columns.process_id == process_id, columns.word.in_(words))
    return {word: number for word, number in session.execute(query) if number > 0}


def spread_total(session: Session, process_id: int) -> int:
    """How many proposals of a process are on the list."""
    query = select(_counts.c.proposals).where(_counts.c.process_id == process_id, _counts.c.tag == LISTED)
    return session.scalar(query) or 0


def with_word(dialect: str, process_id: int, word: str) -> Source:
    """Numbers of the proposals of a process in which this folded word stands as it is."""
    if dialect == "sqlite":
        first, row = _row_id(process_id, 0), column("rowid", Integer)
        found = select((row - first).label("number")).select_from(table(TABLE))
        matches = literal_column(TABLE).op("MATCH")(f'"{word}"')
        return Source(found.where(matches, row >= first, row < first + (1 << _SHIFT)), row, first)
    wanted = cast(f"'{word}'", TSQUERY)
    found = select(_words.c.number).where(_words.c.process_id == process_id, _words.c.words.op("@@")(wanted))
    return Source(found, _words.c.number)


def _words_row(proposal: Proposal) -> dict[str, Any]:
    words = words_of(proposal.title, proposal.summary, proposal.body, proposal.place or "", str(proposal.number))
    return {
        "row": _row_id(proposal.process_id, proposal.number or 0),
        "text": " ".join(words),
        "process_id": proposal.process_id,
        "number": proposal.number,
        "words": words,
    }


def words_of(*texts: str) -> list[str]:
    """The folded words by which texts are found, each once."""
    found: Iterable[str] = (word[:LONGEST_WORD] for word in _WORD.findall(fold(" ".join(texts))))
    return list(dict.fromkeys(found))


def _expression(query: str, word: str, both: str, either: str) -> str:
    """A query in the language of a full-text index. ``word``: how it writes the beginning of a word.

    A word with half-spaces is looked for joined and apart, as some people write ``می‌خواهم`` and others ``می خواهم``.
    Words are letters and digits only, so nothing in them can be misread.
    """
    wanted = []
    for token in query.split()[:MOST_WORDS]:
        spellings = [search_terms(token), search_terms(token.replace(ZWNJ, " "))]
        found = [both.join(word.format(term) for term in terms) for terms in spellings if terms]
        wanted += [f"({either.join(f'({spelling})' for spelling in dict.fromkeys(found))})"] if found else []
    return both.join(wanted)


def has_words(query: str) -> bool:
    return bool(_expression(query[:LONGEST_QUERY], "{}", " ", " "))


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers come from: a statement selecting ``number``, and the indexed ``place`` that orders it.

    ``place`` is ``number + offset``.
    """

    statement: Select[Any]
    place: ColumnElement[int]
    offset: int = 0

    def where(self, *conditions: ColumnElement[bool]) -> Source:
        return replace(self, statement=self.statement.where(*conditions))


def carrying(process_id: Any, tag: str) -> Source:
    """Numbers of the proposals of a process (a value or a parameter) with this tag."""
    of_tag = (_tags.c.process_id == process_id, _tags.c.tag == tag)
    return Source(select(_tags.c.number).where(*of_tag), _tags.c.number)


def matching(dialect: str, process_id: int, query: str) -> Source:
    """Numbers of the proposals of a process in which every word of the query begins a word, whatever their state."""
    asked = query[:LONGEST_QUERY]
    if dialect == "sqlite":
        first, row = _row_id(process_id, 0), column("rowid", Integer)
        matches = literal_column(TABLE).op("MATCH")(_expression(asked, '"{}"*', " AND ", " OR "))
        found = select((row - first).label("number")).select_from(table(TABLE)).where(matches)
        return Source(found.where(row >= first, row < first + (1 << _SHIFT)), row, first)
    wanted = cast(_expression(asked, "{}:*", " & ", " | "), TSQUERY)
    found = select(_words.c.number).where(_words.c.process_id == process_id, _words.c.words.op("@@")(wanted))
    return Source(found, _words.c.number)


def also_carrying(source: Source, process_id: Any, tag: str) -> Source:
    """Those of the source that carry this tag too."""
    other = _tags.alias()
    number = source.place - source.offset if source.offset else source.place
    same = (other.c.process_id == process_id, other.c.tag == tag, other.c.number == number)
    return source.where(select(literal(1)).select_from(other).where(*same).exists())


def _row_id(process_id: int, number: int) -> int:
    return (process_id << _SHIFT) | number
