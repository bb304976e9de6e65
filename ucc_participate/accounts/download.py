"""Everything about a person as one ZIP for that person: pages to read in three languages, JSON, and their documents."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from flask import current_app, render_template
from flask_babel import lazy_gettext as _l

from ..documents.models import Document
from ..kernel.db import db
from ..kernel.events import AuditEvent
from ..kernel.files import KIND_OF
from ..kernel.i18n import LANGUAGE_NAMES, LOCALES, writing_for
from ..vocabularies.uccn import SECTORS
from .forms import ROLE_NAMES, SEXES
from .looks import PAGES
from .models import Account
from .personal_data import everything_about

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
_UNSAFE = re.compile(r"[^\w\- ]+")

LABELS: dict[str, Any] = {
    "account": _l("Account"),
    "about_you": _l("About you"),
    "consents": _l("Consents"),
    "roles": _l("Roles"),
    "names_in_the_log": _l("Your names in the public log"),
    "participations": _l("Where you took part"),
    "invitations": _l("Invitations of your organisations"),
    "reminders": _l("Of what you want to be told"),
    "followed": _l("Processes that you follow"),
    "told": _l("Of what you were told lately"),
    "proposals": _l("Proposals and drafts"),
    "mandates": _l("For whom you speak"),
    "proofs": _l("What you have proved"),
    "guardians": _l("Consents of guardians"),
    "written_down": _l("What clerks wrote down for you"),
    "votes": _l("Where you are on the roll"),
    "documents": _l("Documents"),
    "looks": _l("Who has looked at my data"),
    "messages": _l("Messages to you"),
    "log": _l("What the public log says of you"),
    "about": _l("About"),
    "added_at": _l("Added"),
    "at": _l("When"),
    "begun_at": _l("Begun"),
    "birth_year": _l("Year of birth"),
    "body": _l("Text"),
    "born_from": _l("Born from"),
    "born_until": _l("Born until"),
    "calendar": _l("Calendar"),
    "called": _l("Who acted, by random name"),
    "channel": _l("Way"),
    "district": _l("District or neighbourhood"),
    "email": _l("E-mail address"),
    "ends_on": _l("Until"),
    "fields": _l("Public facts"),
    "file": _l("File"),
    "function": _l("Function"),
    "given_at": _l("Agreed"),
    "granted_at": _l("From"),
    "guardian": _l("Guardian"),
    "has_password": _l("Has a password"),
    "has_voted": _l("A ballot was cast"),
    "index": _l("Number of the entry"),
    "invited_at": _l("Invited"),
    "kind": _l("Kind"),
    "kinds": _l("Told when"),
    "language": _l("Language"),
    "last_sign_in_on": _l("Signed in last"),
    "mandate": _l("Mandate"),
    "name": _l("Name"),
    "number": _l("Number"),
    "opened_at": _l("Account since"),
    "organisation": _l("Organisation"),
    "page": _l("What was shown"),
    "place": _l("Place"),
    "process": _l("Process"),
    "proposal": _l("Proposal"),
    "quiet_from": _l("No mails from this hour"),
    "quiet_until": _l("Until this hour"),
    "revoked_at": _l("Ended"),
    "revoked_because": _l("Why it ended"),
    "role": _l("Role"),
    "sector": _l("Sector"),
    "sent_at": _l("Sent"),
    "sex": _l("Sex"),
    "sha256": _l("Check sum (SHA-256)"),
    "shown_name": _l("Name that is shown"),
    "since": _l("Since"),
    "slot": _l("Place on the roll"),
    "starts_on": _l("From"),
    "state": _l("State"),
    "stopped_at": _l("Stopped"),
    "subject": _l("About what"),
    "summary": _l("In short"),
    "terms_version": _l("Version of the terms"),
    "title": _l("Title"),
    "type": _l("What happened"),
    "vote": _l("Vote"),
    "way": _l("Way"),
    "way_in": _l("How it came"),
    "withdrawn_at": _l("Withdrawn"),
}
VALUES: dict[str, Mapping[str, Any]] = {
    "sex": SEXES,
    "sector": SECTORS,
    "role": ROLE_NAMES,
    "page": PAGES,
    "language": LANGUAGE_NAMES,
}


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
                page = render_template(
                    "accounts/download.html", data=data, labels=LABELS, shown=shown, now=now, locale=locale
                )
            archive.writestr(f"my-data.{locale}.html", page)
        for file in files:
            archive.write(current_app.extensions["ucc.store"].path(file.sha256), _name_of(file))


def _described(file: Document) -> dict[str, Any]:
    facts = {"title": file.title, "kind": file.kind, "file": _name_of(file), "sha256": file.sha256}
    return {**facts, "added_at": file.added_at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _name_of(file: Document) -> str:
    title = _UNSAFE.sub("", file.title).strip()[:60] or file.kind
    return f"documents/{file.public_id} {title}.{KIND_OF[file.media_type].value}"


def shown(name: str, value: Any) -> Any:
    """A value as its reader writes it: words of choices, moments and days as such, the rest as it is."""
    words = VALUES | current_app.extensions["ucc.personal_words"]
    known = AuditEvent.all_texts() if name == "type" else words.get(name, {})
    if isinstance(value, str) and value in known:
        return str(known[value])
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    return value
