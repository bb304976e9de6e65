"""The folder of mails on demonstration and development machines: one ``.eml`` file a mail."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

FOLDER = "mails"
_NAME = re.compile(r"\d{1,20}")
_ADDRESS = re.compile(r"(https?://[^\s<>\"\u2068\u2069]+)")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as the page of mails shows it."""

    to: str
    subject: str
    language: str
    sent_at: datetime
    body: str
    name: str
    html: str | None

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The body cut into text and web addresses: ``(piece, is an address)``."""
        return [(piece, place % 2 == 1) for place, piece in enumerate(_ADDRESS.split(self.body)) if piece]


def store(folder: Path, name: str, mail: EmailMessage) -> None:
    """Write a mail in one step; the same name again replaces it."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.part"
    unfinished.write_bytes(mail.as_bytes())
    os.replace(unfinished, folder / file_name(name))


def file_name(name: str) -> str:
    return f"{name}.eml"


def remove(folder: Path, names: Iterable[str], *, before: datetime) -> None:
    """Remove these mails, and any that were written before a moment (what a machine that died had left)."""
    old = [path for path in folder.glob("*.eml") if path.stat().st_mtime < before.timestamp()]
    for path in (*old, *(folder / name for name in names)):
        path.unlink(missing_ok=True)


def newest(folder: Path, *, limit: int) -> list[StoredMail]:
    """The newest mails, newest first."""
    found = sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return list(_read(found[:limit]))


def find(folder: Path, name: str) -> StoredMail | None:
    """One mail by the name under which it was stored."""
    path = folder / file_name(name)
    return next(_read([path])) if _NAME.fullmatch(name) and path.is_file() else None


def _read(paths: list[Path]) -> Iterator[StoredMail]:
    for path in paths:
        mail = message_from_bytes(path.read_bytes(), policy=default)
        text, page = mail.get_body(("plain",)), mail.get_body(("html",))
        yield StoredMail(
            name=path.stem,
            to=str(mail["To"]),
            subject=str(mail["Subject"]),
            language=str(mail["Content-Language"]),
            sent_at=parsedate_to_datetime(str(mail["Date"])),
            body=str(text.get_content()) if text is not None else "",
            html=str(page.get_content()) if page is not None else None,
        )
