"""A discussion in the record: what is erased and hidden is not in it, and both verifiers' rules hold."""

from __future__ import annotations

import csv
import io
import zipfile

from tests.deliberation.making import REASON
from ucc_participate.audit.extension import audit_log
from ucc_participate.deliberation import operations
from ucc_participate.record import exporting, verify


def test_a_record_with_changed_withdrawn_erased_and_translated_words_verifies(hall, app, tmp_path):
    kept = hall.say("Sara")
    hall.edit(kept, "They stand still in the evening: let the young ones in.")
    hall.change(kept, operations.translate_comment, "Elles dorment.", who="Reza", language="fr", shows_name=True)
    erased = hall.say("Nima", "My telephone number is 0912 000 0000, call me about the looms.")
    hall.change(erased, operations.erase_comment, who="Nima")
    hall.reply(kept, "Omid", "Who would keep the keys?", quote="let the young ones in", quoted_edition=2)
    with app.app_context():
        made = exporting.export(hall.process.public_id)
        vkey = audit_log().signer.vkey
    content = made.path.read_bytes()
    path = tmp_path / "record.zip"
    path.write_bytes(content)
    report = verify.verify(str(path), [vkey])
    assert (report.failed, report.exit) == ([], 0)
    with zipfile.ZipFile(path) as package:
        rows = list(csv.DictReader(io.StringIO(package.read("data/tables/comments.csv").decode())))
        everything = b"".join(package.read(name) for name in package.namelist() if not name.endswith(".pdf"))
    assert [row["status"] for row in rows] == ["posted", "withdrawn", "posted"]
    assert rows[0]["text"].startswith("They stand still")
    assert rows[2]["in_reply_to"] == kept.ref
    assert b"0912 000 0000" not in everything
    assert REASON.encode() in everything
