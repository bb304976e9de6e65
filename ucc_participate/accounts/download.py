"""Everything about a person as one ZIP for that person: pages to read in three languages, JSON, and their documents."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import datetime
from typing import IO, Any

from flask import current_app, render_template

from ..documents.models import Document
from ..kernel.db import db
from ..kernel.files import KIND_OF
from ..kernel.i18n import LOCALES, writing_for
from . import readable
from .models import Account
from .personal_data import everything_about

_UNSAFE = re.compile(r"[^\w\- ]+")


def documents_of(account: Account) -> list[Document]:
    """Files that belong to the person, from every domain that keeps some."""
    session = db.session()
    return [file for found in current_app.extensions["ucc.personal_documents"] for file in found(session, account)]


def write_archive(target: IO[bytes], account: Account, *, now: datetime) -> None:
    """Write the ZIP. Memory: the data of one person; files are copied through."""
    data, files = everything_about(account, now=now), documents_of(account)
    written_at = data.pop("written_at")
    data["documents"] = [_described(file) for file in files]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        machine = {"written_at": written_at, **data}
        archive.writestr("my-data.json", json.dumps(machine, ensure_ascii=False, indent=2) + "\n")
        for locale in LOCALES:
            with writing_for(locale):
                sections = readable.sections(data)
                page = render_template("accounts/download.html", sections=sections, now=now, locale=locale)
            archive.writestr(f"my-data.{locale}.html", page)
        for file in files:
            archive.write(current_app.extensions["ucc.store"].path(file.sha256), _name_of(file))


def _described(file: Document) -> dict[str, Any]:
    facts = {"title": file.title, "kind": file.kind, "file": _name_of(file), "sha256": file.sha256}
    return {**facts, "added_at": file.added_at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _name_of(file: Document) -> str:
    title = _UNSAFE.sub("", file.title).strip()[:60] or file.kind
    return f"documents/{file.public_id} {title}.{KIND_OF[file.media_type].value}"
