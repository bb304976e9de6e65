"""A record made from the live tables: complete, reproducible, accepted by our verifier and by strangers' tools."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import bagit
import frictionless
import pypdf

from tests.record.test_provenance import assert_prov_json
from ucc_participate.audit import log
from ucc_participate.audit.extension import audit_log
from ucc_participate.kernel.identity import system_actor
from ucc_participate.record import exporting, verify

ACTOR = system_actor("test")


def vkey(app):
    with app.app_context():
        return audit_log().signer.vkey


def test_the_verifier_accepts_the_record_in_a_process_of_its_own(app, exported, tmp_path):
    with zipfile.ZipFile(exported.path) as package:
        package.extract("data/verify.py", tmp_path)
    command = [
        sys.executable,
        "-I",
        str(tmp_path / "data/verify.py"),
        str(exported.path),
        "--vkey",
        vkey(app),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["failed"]) == (0, [])
    assert any(text.startswith("Completeness") for text in report["not_provable"])
    assert any("10 ballots" in text for text in report["proved"])


def test_the_same_checkpoint_gives_the_same_bytes(app, process, exported):
    first = exported.path.read_bytes()
    exported.path.unlink()
    with app.app_context():
        assert exporting.export(process).path.read_bytes() == first


def test_a_later_export_contains_the_earlier_log(app, process, exported, perform, clock, tmp_path):
    earlier = tmp_path / "checkpoint"
    with zipfile.ZipFile(exported.path) as package:
        earlier.write_bytes(package.read("data/log/checkpoint"))
    from ucc_participate.audit.events import LogEvent

    perform(
        lambda session: log.record(
            session, LogEvent.KEY_ROTATED, actor=ACTOR, subject="log/key", now=clock.advance(days=1)
        )
    )
    with app.app_context():
        later = exporting.export(process)
    report = verify.verify(str(later.path), [vkey(app)], [str(earlier)])
    assert report.failed == []
    assert later.summary["size"] == exported.summary["size"] + 1
    assert "2 earlier checkpoints in the package are of this very log." in report.proved
    with zipfile.ZipFile(later.path) as package:
        assert package.read(f"data/log/checkpoints/{exported.summary['size']}") == earlier.read_bytes()


def test_strangers_tools_accept_the_bag(exported, tmp_path):
    with zipfile.ZipFile(exported.path) as package:
        package.extractall(tmp_path)
    bagit.Bag(str(tmp_path)).validate()
    checked = subprocess.run(
        ["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_tables_are_a_valid_data_package(exported, tmp_path):
    with zipfile.ZipFile(exported.path) as package:
        package.extractall(tmp_path)
    report = frictionless.validate(str(tmp_path / "data/datapackage.json"))
    assert (report.valid, report.stats["tasks"], report.flatten(["type"])) == (True, len(verify.TABLES), [])


def test_the_provenance_names_process_vote_proposals_and_export(exported):
    with zipfile.ZipFile(exported.path) as package:
        document = json.loads(package.read("data/prov.json"))
    assert_prov_json(document)
    assert {name.partition("/")[0] for name in document["activity"]} == {"ucc:process", "ucc:vote", "ucc:export"}
    assert len([name for name in document["entity"] if name.startswith("ucc:proposal/")]) >= 3


def test_the_archive_is_sorted_and_carries_no_time(exported):
    with zipfile.ZipFile(exported.path) as package:
        members = package.infolist()
    names = [member.filename for member in members]
    assert names == [*sorted(names[:-2]), "manifest-sha256.txt", "tagmanifest-sha256.txt"]
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}


def test_the_pdfs_are_tagged_archival_and_carry_the_summary(exported):
    with zipfile.ZipFile(exported.path) as package:
        summary = json.loads(package.read("data/record.json"))
        for name, language in (("record.pdf", "fa"), ("record.en.pdf", "en")):
            pdf = pypdf.PdfReader(io.BytesIO(package.read(f"data/{name}")))
            root: Any = pdf.trailer["/Root"]
            metadata = root["/Metadata"].get_data().decode()
            assert root["/Lang"].startswith(language)
            assert root["/MarkInfo"]["/Marked"]
            assert "pdfuaid:part" in metadata
            assert "<pdfaid:part>3" in metadata
            assert json.loads(pdf.attachments["record.json"][0]) == summary


def test_the_tables_say_what_was_imported(exported):
    with zipfile.ZipFile(exported.path) as package:
        rows = list(csv.DictReader(io.StringIO(package.read("data/tables/votes.csv").decode())))
    assert [(row["option"], row["votes"], row["selected"]) for row in rows] == [
        ("A/1", "8", "true"),
        ("B/2", "6", "false"),
        ("C/3", "4", "true"),
    ]


def test_a_changed_ballot_is_named(app, exported, tmp_path):
    """One line of the ballots is rewritten and the manifests are made right again."""
    forged = tmp_path / "forged.zip"
    _rewrite(exported.path, forged, "ballots.csv", lambda text: text.replace("A/1|B/2", "C/3", 1))
    report = verify.verify(str(forged), [vkey(app)])
    assert any(failure.check == "ballots" for failure in report.failed)


def _rewrite(source: Path, target: Path, suffix: str, change):
    import hashlib

    with zipfile.ZipFile(source) as package:
        files = {name: package.read(name) for name in package.namelist()}
    [name] = [name for name in files if name.endswith(suffix)]
    files[name] = change(files[name].decode()).encode()
    data = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    files["manifest-sha256.txt"] = "".join(f"{data[n]}  {n}\n" for n in sorted(data) if n.startswith("data/")).encode()
    data["manifest-sha256.txt"] = hashlib.sha256(files["manifest-sha256.txt"]).hexdigest()
    tags = [n for n in sorted(data) if not n.startswith("data/") and n != "tagmanifest-sha256.txt"]
    files["tagmanifest-sha256.txt"] = "".join(f"{data[n]}  {n}\n" for n in tags).encode()
    with zipfile.ZipFile(target, "w") as package:
        for each, body in files.items():
            package.writestr(each, body)


def test_the_public_page_names_the_seal(app, client, process, exported):
    page = client.get(f"/record/{process}")
    assert page.status_code == 200
    assert exported.summary["citation"] in page.text
    assert "<svg" in page.text
    assert client.get("/record").status_code == 200
    assert client.get("/record/nothing").status_code == 404


def test_anybody_can_download_the_record(client, process, exported):
    with client.get(f"/record/{process}/record.zip") as response:
        assert (response.status_code, response.data) == (200, exported.path.read_bytes())
    with client.get("/record/verify.py") as response:
        assert response.data == Path(verify.__file__).read_bytes()


def test_the_command_line_exports(app, process, tmp_path):
    target = tmp_path / "record.zip"
    done = app.test_cli_runner().invoke(args=["record", "export", process, "--output", str(target)])
    assert done.exit_code == 0
    assert done.output.splitlines()[-1].startswith("127.0.0.1:8000/log · ")
    missing = app.test_cli_runner().invoke(args=["record", "export", "nothing"])
    assert missing.exit_code != 0
