"""Making what is handed in, and keeping it on a shelf so that it is made once however often it is fetched.

Files lie under ``<instance>/submissions``, named by the digest of what they say and of the checkpoint.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from flask import current_app

from ..audit import reading
from ..audit.extension import audit_log
from ..dossier.models import Dossier
from ..kernel.db import db
from ..kernel.i18n import writing_for
from ..kernel.identity import Actor
from ..record import exporting as records
from . import files, package
from .content import HandedIn, Seal, gather
from .shaping import shaped

SHELF = "submissions"


def cover(dossier: Dossier) -> None:
    """See to it that the newest checkpoint covers the freezing. Whatever was loaded must be loaded anew after it."""
    checkpoint = reading.latest_checkpoint(db.session.connection())
    if checkpoint is None or checkpoint.size <= (dossier.frozen_size or 0):
        renew()


def renew() -> None:
    """A checkpoint of everything that is in the log now, if there is none yet."""
    db.session.rollback()
    audit_log().publish()
    db.session.rollback()


def at_newest_checkpoint(dossier: Dossier, *, is_whole: bool) -> HandedIn:
    seal = Seal.of(records.source_of(dossier.process))
    return gather(db.session(), dossier, seal, is_whole=is_whole)


def file_of(handed_in: HandedIn, name: str) -> Path:
    """One of ``files.names``. Raises NotFound, TypesettingError."""
    return _shelved(handed_in, name, lambda out: out.write(files.make(handed_in, name, words(handed_in))))


def package_of(dossier: Dossier, *, is_whole: bool, actor: Actor) -> Path:
    """The archive with the record of the newest checkpoint. Raises TypesettingError, SignerRefused."""
    record = records.at_newest_checkpoint(dossier.process.public_id, actor=actor)
    handed_in = gather(db.session(), dossier, Seal.of_summary(record.summary), is_whole=is_whole)

    def write(out: IO[bytes]) -> None:
        package.write(out, handed_in, record.path, words(handed_in))

    return _shelved(handed_in, "dossier.zip", write)


def words(handed_in: HandedIn) -> dict[str, dict[str, str]]:
    """Who shaped what, by language and ref, as papers print it."""
    found: dict[str, dict[str, str]] = {}
    for language in handed_in.languages:
        with current_app.test_request_context(), writing_for(language):
            told = shaped(db.session(), handed_in)
        found[language] = {ref: each.words for ref, each in told.items()}
    return found


def _shelved(handed_in: HandedIn, name: str, write: Callable[[IO[bytes]], object]) -> Path:
    folder = Path(current_app.instance_path) / SHELF
    stem = f"{handed_in.dossier.public_id}-{'whole' if handed_in.is_whole else 'public'}"
    target = folder / f"{stem}-{handed_in.digest()[:24]}-{name}"
    if target.exists():
        return target
    folder.mkdir(exist_ok=True, parents=True)
    partial = folder / f"{os.getpid()}.{target.name}.part"
    try:
        with partial.open("wb") as stream:
            write(stream)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    _clear(folder, stem, name, keep=target)
    return target


def _clear(folder: Path, stem: str, name: str, *, keep: Path) -> None:
    """Older states of the same file can be made again."""
    for old in folder.glob(f"{stem}-{'?' * 24}-{name}"):
        if old != keep:
            old.unlink(missing_ok=True)
