"""The whole dossier as one archive: a BagIt bag like the record, which lies in it as it is.

Written in one pass, sorted, with fixed times: the same state at the same checkpoint gives the same bytes. Of files and
the record only a piece is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from flask import current_app

from ..documents.models import Document
from ..kernel.clock import utc_text
from ..kernel.files import Store
from ..record.package import BagWriter, Member, Output
from . import files, paper, texts
from .content import HandedIn

PIECE = 1 << 20


def write(stream: IO[bytes], handed_in: HandedIn, record: Path, shaped: Mapping[str, Mapping[str, str]]) -> None:
    """``record``: record.zip of the same checkpoint. ``shaped``: by language, words by ref."""
    bag = BagWriter(stream)
    members = [*_bag_files(handed_in), *_made(handed_in, shaped), *_fields(handed_in), *_attachments(handed_in)]
    members.append(Member("data/record/record.zip", partial(_copy, record), is_packed=True))
    for member in sorted(members, key=lambda member: member.name):
        bag.write(member)
    bag.close()


def _bag_files(handed_in: HandedIn) -> Iterator[Member]:
    seal = handed_in.seal
    info = (
        f"Bagging-Date: {utc_text(seal.moment)[:10]}\nExternal-Identifier: {seal.url}\n"
        "Source-Organization: ucc_participate\nInternal-Sender-Description: Dossier with its participation record\n"
    )
    yield _whole("bag-info.txt", info.encode())
    yield _whole("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    yield _whole("data/README.html", readme(handed_in))
    yield _whole("data/record/citation.txt", f"{seal.citation}\n{seal.url}\n".encode())
    yield _whole("data/record/qr.svg", paper.qr(seal.url).encode())


def readme(handed_in: HandedIn) -> bytes:
    """One page in the three languages: what lies here, and how it is checked."""
    page = current_app.jinja_env.get_template("submission/readme.html")
    return str(page.render(handed_in=handed_in, names=files.names(handed_in))).encode("utf-8")


def _made(handed_in: HandedIn, shaped: Mapping[str, Mapping[str, str]]) -> Iterator[Member]:
    """Each is made when its turn comes: one of them at a time is in memory."""
    for name in files.names(handed_in):
        folder = name.partition(".")[0]
        yield Member(f"data/{folder}/{name}", partial(_make, handed_in, name, shaped))


def _make(handed_in: HandedIn, name: str, shaped: Mapping[str, Mapping[str, str]], out: Output) -> None:
    out.write(files.make(handed_in, name, shaped))


def _fields(handed_in: HandedIn) -> Iterator[Member]:
    for language in handed_in.languages:
        for name, content in texts.fields(handed_in, language):
            yield _whole(f"data/dossier/fields/{language}/{name}", content)


def _attachments(handed_in: HandedIn) -> Iterator[Member]:
    """What is not in the store any more is left out and named as missing: the rest is handed in all the same."""
    store: Store = current_app.extensions["ucc.store"]
    lost = [(path, document) for path, document in handed_in.attached if document.sha256 in handed_in.missing]
    for path, document in handed_in.attached:
        if document.sha256 not in handed_in.missing:
            yield Member(f"data/{path}", partial(_stored, store, document), is_packed=True)
    if lost:
        yield _whole("data/MISSING.txt", "".join(f"{document.sha256}  {path}\n" for path, document in lost).encode())


def _stored(store: Store, document: Document, out: Output) -> None:
    _copy(store.path(document.sha256), out)


def _copy(path: Path, out: Output) -> None:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            out.write(piece)


def _whole(name: str, content: bytes) -> Member:
    return Member(name, lambda out: out.writelines([content]))
