"""Writing a dossier, handing it in and checking its record: used by test_plan_to_application.py."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from subprocess import run as run_program
from typing import Any

from tests.accounts.making import sign_in
from tests.conformance.carrying import (
    TEXTS,
    Office,
)
from tests.readiness.making import paper, photo
from ucc_participate.citing import operations as citing
from ucc_participate.citing.queries import search_for
from ucc_participate.dossier import operations as dossiers
from ucc_participate.dossier import queries as texts
from ucc_participate.dossier.content import Written
from ucc_participate.dossier.drafts import draft_of
from ucc_participate.dossier.fields import in_words
from ucc_participate.dossier.models import AnswerState
from ucc_participate.dossier.sections import SectionKind, section_of
from ucc_participate.dossier.shipped import shipped
from ucc_participate.kernel.db import db
from ucc_participate.readiness import operations as readiness
from ucc_participate.readiness.models import AttachmentState
from ucc_participate.readiness.models import Told as Noted

FORM, LANGUAGES = "uccn-2021", ("fa", "en")
PASSED = "The papers are asked for; this dossier is made from public data to show that it can be made."


class Coordinator(Office):
    """With the times and dossiers of this story."""

    dossier: str = ""
    account: Any = None

    def at(self, moment: datetime) -> None:
        """Go on at a later moment, signed in anew."""
        self.clock.at = moment
        self.desk = sign_in(self.app, self.account, now=moment)

    def write(self, operation: Any, *args: Any, **facts: Any) -> Any:
        """``operation(session, dossier, …)``."""

        def work(session: Any, process: Any, *, actor: Any, now: datetime) -> Any:
            found = texts.dossier_to_change(session, process, self.dossier, actor=actor, now=now)
            return operation(session, found, *args, actor=actor, now=now, **facts)

        return self.act(work)


def write_dossier(app: Any, office: Coordinator, read: Any) -> int:
    """Every section in both languages, drafts from facts where they are offered; how many citations."""
    form = shipped()[FORM]
    for told in [*TEXTS["contact"], *TEXTS["text"]]:
        save_both(app, office, form, told)
    for known, typed in (("4", {"choice": "music"}), ("A6", {"urls": ["https://decidim.barcelona/action_plans"]})):
        save_both(app, office, form, {"section": known, "fields": typed})
    attach(app, office)
    return sum(cite_both(office, told) for told in TEXTS["text"] if "cite" in told)


def save_both(app: Any, office: Coordinator, form: Any, told: dict[str, Any]) -> None:
    asked = section_of(form, told["section"])
    assert asked is not None
    for language in LANGUAGES:
        office.write(dossiers.save_answer, asked.id, language, written(app, office, form, asked, told, language))
        for then in (AnswerState.IN_REVIEW, AnswerState.FINAL):
            office.write(dossiers.save_answer, asked.id, language, None, then=then)


def written(app: Any, office: Coordinator, form: Any, asked: Any, told: dict[str, Any], language: str) -> Written:
    of = 1 if language != "fa" else None
    if asked.kind not in (SectionKind.TEXT, SectionKind.INITIATIVES):
        typed = told.get("fields") or {name: value for name, value in told.items() if name != "section"}
        with app.app_context():
            return Written(in_words(asked, typed, language), typed, of_number=of)
    if told.get("draft"):
        return Written(drafted(app, office, asked, language), of_number=of)
    text = form["empty_phrase"]["text"][language] if told.get("phrase") else told[language].strip()
    return Written(text, of_number=of)


def drafted(app: Any, office: Coordinator, asked: Any, language: str) -> str:
    with app.test_request_context():
        dossier = texts.get_dossier(
            db.session(), office.process, office.dossier, actor=office.actor, now=office.clock.now()
        )
        draft = draft_of(dossier, asked, language)
        db.session.remove()
    assert draft is not None, asked.id
    assert draft.left_out == ()
    return draft.text


def cite_both(office: Coordinator, told: dict[str, Any]) -> int:
    """What has the words, for each paragraph in turn, in both languages."""

    def work(session: Any, dossier: Any, **by: Any) -> int:
        count = 0
        for language in LANGUAGES:
            answer = texts.find_answer(session, dossier, told["section"], language)
            assert answer is not None
            for part, (words, kind) in zip(answer.paragraphs, told["cite"], strict=True):
                found = [each.ref for each in search_for(session, dossier, words, kinds={kind}, limit=3)]
                assert found, words
                place = (told["section"], language, part["key"], found[:2])
                count += len(citing.cite(session, dossier, *place, **by))
        return count

    made: int = office.write(work)
    return made


def attach(app: Any, office: Coordinator) -> None:
    """The mayor's letter and a photo with its sheet; the other papers are passed over with a reason."""
    today = office.clock.now().date()
    signed = {"state": AttachmentState.SIGNED, "signed_on": today}
    office.write(readiness.record_attachment, "A1", Noted(signer="Mayor", **signed), paper(app))
    told = Noted(AttachmentState.RECEIVED, author="Anna Nowak", caption="A branch of the library")
    taken = office.write(readiness.record_attachment, "A4", told, photo(app))
    sheet = Noted(signer="Photographer", photo=taken.public_id, **signed)
    office.write(readiness.record_attachment, "A5", sheet, paper(app, name="rights.pdf"))


def freeze_dossier(app: Any, office: Coordinator) -> None:
    """The page names what stands in the way; all of it is papers, and all of it takes a reason."""
    address = f"application/{office.dossier}/freeze"
    page = office.post(address, 409).text
    codes = dict(re.findall(r'name="code-(\d+)" value="([^"]+)"', page))
    assert codes
    assert all(code.startswith("attachment.") for code in codes.values()), codes
    reasons = {f"reason-{number}": PASSED for number in codes}
    office.post(address, **{f"code-{number}": code for number, code in codes.items()}, **reasons)


def fetch(office: Coordinator, name: str, dossier: str = "") -> bytes:
    sent = office.desk.get(
        f"{office.staff}/submission/files/{name}", query_string={"dossier": dossier or office.dossier}
    )
    assert sent.status_code == 200, sent.text[-2000:]
    data = sent.data
    sent.close()
    return data


def check_record(app: Any, record: bytes, folder: Path, proof: str) -> None:
    """Its own program, in a Python that sees nothing of ours."""
    (folder / "record.zip").write_bytes(record)
    with zipfile.ZipFile(io.BytesIO(record)) as inner:
        (folder / "verify.py").write_bytes(inner.read("data/verify.py"))
    key = app.test_cli_runner().invoke(args=["audit", "vkey"]).output.strip()
    command = [sys.executable, "-I", "-S", "verify.py", "record.zip", "--vkey", key]
    done = run_program(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert proof in done.stdout
