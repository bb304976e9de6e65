"""verify.html in a real browser, opened from a folder: it finds what verify.py finds, and says it in the same words."""

from __future__ import annotations

import hashlib
import json
import random
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import PATIENCE
from tests.record import attacks_on_votes, package
from tests.record.attacks import ATTACKS, HOSTILE, Attack, Case, seal, sealed, write
from tests.record.attacks_on_votes import HONEST, ON_VOTES
from tests.record.held_votes import VOTE, Held, case_of
from tests.record.package import PROCESS, SECRET, SIGNER, sample
from ucc_participate.audit import canonical
from ucc_participate.audit.extension import audit_log
from ucc_participate.record import verify, verify_html

COLUMNS = ("proved", "not_provable", "not_checked", "shown")
HEADER = ("process", "origin", "size", "root")


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """An offline browser with a phone's screen."""
    context = browser.new_context(offline=True, locale="en", viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The file in that browser; it asks nobody for anything and logs no error."""
    faults: list[str] = []
    yield open_file(context, tmp_path_factory.mktemp("verifier"), verify_html.build(), faults)
    assert faults == []


def open_file(context: BrowserContext, folder: Path, content: bytes, faults: list[str]) -> Page:
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if request.url.startswith("http") else None)
    file = folder / "verify.html"
    file.write_bytes(content)
    page.goto(file.as_uri())
    return page


def check(page: Page, case: Case) -> dict[str, Any]:
    """What the page finds, as verify.py --json would say it."""
    page.fill("#vkey", "\n".join(case.vkeys))
    page.set_input_files("#record", case.record)
    page.set_input_files("#receipts", case.receipts)
    page.set_input_files("#checkpoints", case.checkpoints)
    page.click("#check")
    page.wait_for_selector("#report:not([hidden])")
    found: dict[str, Any] = json.loads(page.locator("#json").text_content() or "")
    return found


def verdict(page: Page) -> tuple[str, str]:
    """The headline and the class that gives it its colour."""
    notice = page.locator("#report > .notice")
    return notice.locator("h2").inner_text(), notice.get_attribute("class") or ""


def by_python(case: Case) -> dict[str, Any]:
    """What verify.py says; files are called by their names alone, as a browser knows them."""
    folder = f"{case.record.parent}/"
    said: dict[str, Any] = json.loads(json.dumps(case.verify().as_dict()).replace(folder, ""))
    return said


def places(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(failure["check"], failure["where"]) for failure in report["failed"]}


def by_name(attacks: list[Attack]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("attack", attacks, ids=lambda attack: attack.name)


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert places(found) == places(expected)
    assert {name: sorted(found[name]) for name in COLUMNS} == {name: sorted(expected[name]) for name in COLUMNS}
    assert [found[name] for name in ("format", "exit", *HEADER)] == [
        expected[name] for name in ("format", "exit", *HEADER)
    ]


@by_name(ATTACKS)
def test_an_attack_is_found_where_verify_py_finds_it(attack, opened, tmp_path):
    case = attack.build(tmp_path)
    found = check(opened, case)
    assert places(found) == attack.found
    assert_same(found, by_python(case))


@by_name([attack for attack in HOSTILE if attack.build.__name__ != "there_is_no_file"])
def test_a_hostile_package_is_refused_in_bounded_time(attack, opened, tmp_path):
    case = attack.build(tmp_path)
    before = time.monotonic()
    found = check(opened, case)
    assert found["exit"] == 2, found
    assert found["reason"]
    assert time.monotonic() - before < 5


# ------------------------------------------------------------------------------------------------ an honest record


def test_an_honest_record_passes_in_the_words_of_verify_py(opened, tmp_path):
    case = sealed(tmp_path, sample())
    found = check(opened, case)
    assert found["exit"] == 0
    assert_same(found, by_python(case))
    headline, colour = verdict(opened)
    assert headline == "Nothing failed. Completeness: NOT PROVABLE."
    assert "notice-done" not in colour


def test_without_a_key_nothing_is_green(opened, tmp_path):
    found = check(opened, sealed(tmp_path, sample(), vkeys=[]))
    assert found["exit"] == 0
    assert "The signature of the checkpoint: no --vkey was given." in found["not_checked"]
    headline, colour = verdict(opened)
    assert headline == "Nothing failed, but nobody vouches for this record."
    assert "notice-done" not in colour
    assert "signatures are NOT CHECKED" in opened.locator("#report > .notice").inner_text()


def test_another_key_is_refused(opened, tmp_path):
    """A key of another log is ignored, as every unknown key is; then nobody has signed for this one."""
    found = check(opened, sealed(tmp_path, sample(), vkeys=[package.STRANGER.vkey]))
    assert places(found) == {("signature", "data/log/checkpoint")}
    assert verdict(opened)[1] == "notice notice-low"


@pytest.mark.parametrize("size", [1, 256, 300, 307])
def test_an_earlier_checkpoint_is_evidence_up_to_its_size(size, opened, tmp_path):
    city = sample()
    earlier = write(tmp_path / "earlier", package.checkpoint(city.entries()[:size]))
    case = sealed(tmp_path, city, checkpoints=[earlier])
    found = check(opened, case)
    assert_same(found, by_python(case))
    assert found["failed"] == []
    assert ("notice-done" in verdict(opened)[1]) == (size == 307)


def test_receipts_and_proofs_are_found_in_the_record(opened, tmp_path):
    city = sample()
    entries, cast = city.entries(), city.index("ballot.cast")
    ballot = package.secret_ballot(1, package.BALLOTS[1])
    given: dict[str, str | dict[str, Any]] = {
        "plain": package.receipt_of(city, entries, city.index("proposal.submitted")),
        "ballot": package.receipt_of(city, entries, cast + 1, ballot=ballot),
        "replaced": package.receipt_of(city, entries, cast, ballot=package.secret_ballot(99, ("c",))),
        "waiting": package.receipt_of(city, entries, 300, waiting=True),
        "proof": package.proof_of(entries[:290], 33),
    }
    case = sealed(tmp_path, city, receipts=[write(tmp_path / name, content) for name, content in given.items()])
    found = check(opened, case)
    assert_same(found, by_python(case))
    assert found["failed"] == []
    assert len([text for text in found["proved"] if "receipt" in text or "proof" in text]) == 8


def test_what_was_erased_sealed_imported_or_extended_is_told_alike(opened, tmp_path):
    city = sample()
    city.draft("proposal.submitted").withheld = ("author",)
    withheld = [[city.index("proposal.submitted"), "author"]]
    city.add("erasure.executed", "account/" + "a" * 32, {"reason": "On request", "withheld": withheld}, process=None)
    city.insert(289, "roll.extended", SECRET, {"slots": 12, "by_sector": {}, "reason": "Two\u202e came of age"})
    withheld[0][0] = city.index("proposal.submitted")
    package.count_again(city, SECRET, roll=12)
    case = sealed(tmp_path, city)
    found = check(opened, case)
    assert_same(found, by_python(case))
    assert (len(found["shown"]), found["failed"]) == (1, [])


def test_a_ballot_on_which_delegates_agreed_passes(opened, tmp_path):
    case = sealed(tmp_path, package.agreed_sample())
    found = check(opened, case)
    assert_same(found, by_python(case))
    assert found["failed"] == []


def test_a_record_with_outreach_and_one_from_before_it_pass_alike(opened, tmp_path):
    for number, files in enumerate(
        [
            package.files_of(package.reaching_out(sample())),
            package.without_outreach(sample()),
            package.files_of(package.saying_more(sample())),
            package.without_tables(sample(), "answers"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        case = seal(folder, files)
        found = check(opened, case)
        assert_same(found, by_python(case))
        assert (found["exit"], found["failed"]) == (0, [])


def test_a_record_with_discussions_or_meetings_and_one_from_before_pass_alike(opened, tmp_path):
    for number, files in enumerate(
        [
            package.files_of(package.discussing(sample())),
            package.without_tables(sample(), "comments"),
            package.files_of(package.meeting(sample())),
            package.without_tables(sample(), "meetings", "decisions"),
            package.files_of(package.planning(sample())),
            package.without_tables(sample(), "plan", "initiatives", "indicators", "plan_versions", "bodies"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        case = seal(folder, files)
        found = check(opened, case)
        assert_same(found, by_python(case))
        assert (found["exit"], found["failed"]) == (0, [])


def test_an_exported_record_passes_and_is_complete_up_to_a_kept_checkpoint(app, process, exported, opened, tmp_path):
    """The product's own export, with the checkpoints that it carries and one that was kept outside."""
    with zipfile.ZipFile(exported.path) as record:
        kept = write(tmp_path / "kept", record.read("data/log/checkpoint"))
        assert record.read("data/verify.html") == verify_html.build()
    with app.app_context():
        vkey = audit_log().signer.vkey
    case = Case(write(tmp_path / "record.zip", exported.path.read_bytes()), [vkey], [kept])
    found = check(opened, case)
    assert_same(found, by_python(case))
    assert found["failed"] == []
    assert any("10 ballots" in text for text in found["proved"])
    assert "1 earlier checkpoints in the package are of this very log." in found["proved"]
    assert "notice-done" in verdict(opened)[1]


# ------------------------------------------------------------------------------------------------ damage by chance


def damaged(chance: random.Random) -> dict[str, bytes]:
    """The sample with some bytes of one file changed and the manifests made to fit."""
    files = package.files_of(sample())
    name = chance.choice(sorted(set(files) - {"data/README.html"}))
    content = bytearray(files[name])
    for _ in range(chance.choice((1, 1, 3))):
        at = chance.randrange(len(content))
        kind = chance.randrange(4)
        if kind == 0:
            content[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del content[at : at + chance.randrange(1, 40)]
        elif kind == 2:
            content.insert(at, chance.choice(b'"{}[],:;|0\n\r \\-.e1a'))
        else:
            content[at:at] = content[at : at + 30]
    return package.bag({**files, name: bytes(content)})


@pytest.mark.parametrize("seed", range(25))
def test_damage_anywhere_is_judged_as_by_verify_py(seed, opened, tmp_path):
    case = Case(package.pack(damaged(random.Random(seed)), tmp_path / "record.zip"))
    found = check(opened, case)
    try:
        expected = by_python(case)
    except verify.Unreadable:
        assert found["exit"] == 2
    else:
        assert_same(found, expected)


def test_a_bomb_behind_a_small_claim_ends_soon(opened, tmp_path):
    """A member says that it is small and unpacks to a gigabyte: reading ends where the claim ends."""
    path = package.pack(package.bag({**package.files_of(sample()), "data/zeros": bytes(30_000_000)}), tmp_path / "a")
    content = bytearray(path.read_bytes())
    at = content.index(b"data/zeros", content.index(b"PK\1\2")) - 46
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    before = time.monotonic()
    found = check(opened, Case(write(tmp_path / "record.zip", bytes(content))))
    assert ("bag", "data/zeros") in places(found)
    assert time.monotonic() - before < 5


# ------------------------------------------------------------------------------------------------ vectors


def test_sha_2_of_every_length_around_its_blocks(opened):
    messages = [bytes(at % 251 for at in range(length)) for length in [*range(140), 65_535, 65_536, 70_001]]
    script = "texts => texts.map(text => [ucc.sha256, ucc.sha512].map(hash => ucc.hex(hash(ucc.unhex(text)))))"
    found = opened.evaluate(script, [message.hex() for message in messages])
    assert found == [[hashlib.sha256(m).hexdigest(), hashlib.sha512(m).hexdigest()] for m in messages]


def test_ed25519_of_wycheproof(opened, shared):
    vectors = json.loads((shared / "vectors/wycheproof/testvectors_v1/ed25519_test.json").read_bytes())
    cases = [
        [group["publicKey"]["pk"], test["msg"], test["sig"], test["result"] == "valid"]
        for group in vectors["testGroups"]
        for test in group["tests"]
    ]
    script = "cases => cases.map(([key, text, seal]) => ucc.verifyEd25519(...[key, text, seal].map(ucc.unhex)))"
    found = opened.evaluate(script, cases)
    assert len(cases) == vectors["numberOfTests"] > 100
    assert found == [case[3] for case in cases]


PROFILE = ("arrays", "french", "structures", "unicode", "weird")


@pytest.mark.parametrize("name", PROFILE)
def test_canonical_json_of_rfc_8785(name, opened, shared):
    """The vectors without fractions; the others are outside the record's profile."""
    folder = shared / "vectors/jcs/testdata"
    given, expected = ((folder / part / f"{name}.json").read_text(encoding="utf-8") for part in ("input", "output"))
    script = (
        "text => { try { return ucc.jcs(ucc.parseJson(new TextEncoder().encode(text), '')) } catch { return null } }"
    )
    outside = re.search(r"[0-9]\.[0-9]|[0-9]e", given) is not None
    assert opened.evaluate(script, given) == (None if outside else expected)


REFUSED = (
    *(b'{"a":1,"a":1}', b"[1.0]", b"[1e2]", b"[-0]", b"[01]", b"[9007199254740992]", b'["\\ud800"]', b"[1] ", b"{}x"),
    *(
        b'{"b":1,"a":1}',
        b"[NaN]",
        '["e\u0301"]'.encode(),
        '{"é":1}'.encode(),
        b'["\\u0041"]',
        b"\xff",
        b"",
        b"[" * 5000,
    ),
    *(b"[true,]", b'["\t"]', b"\xef\xbb\xbf[]", b'{"__proto__":1,"__proto__":1}'),
)


def test_json_that_is_not_canonical_is_refused(opened):
    script = "text => { try { ucc.parseCanonical(ucc.unhex(text), ''); return true } catch { return false } }"
    assert [text for text in REFUSED if opened.evaluate(script, text.hex())] == []
    for value in ({"a": [1, -5, None, True, 'é\u2028\x7f"']}, {"__proto__": {"constructor": 2**53 - 1}}):
        assert opened.evaluate(script, canonical.dumps(value).hex()) is True


# ------------------------------------------------------------------------------------------------ the page


def test_the_file_is_the_same_each_time_and_whole():
    verify_html.build.cache_clear()
    first = verify_html.build()
    verify_html.build.cache_clear()
    assert verify_html.build() == first
    page = first.decode("utf-8")
    assert not re.search(r"(?:src|href)=|@import|https?://(?!www\.w3\.org)", page)
    script = page.partition('<script id="program">')[2].partition("</script>")[0]
    assert verify_html._source(script) in verify_html.policy()
    assert f'content="{verify_html.policy()}"' in page


def test_without_a_worker_it_checks_in_the_page_itself(context, tmp_path):
    """A browser that allows a file no worker (here by the policy) must not be left waiting."""
    strict = verify_html.build().replace(b"worker-src blob:", b"worker-src 'none'")
    page = open_file(context, tmp_path, strict, [])
    found = check(page, sealed(tmp_path, sample()))
    assert (found["exit"], found["failed"], found["process"]) == (0, [], PROCESS)
    page.close()


def test_a_record_can_be_dropped(opened, tmp_path):
    content = sealed(tmp_path, sample()).record.read_bytes()
    drop = """async bytes => {
      const data = new DataTransfer();
      data.items.add(new File([ucc.unhex(bytes)], "dropped.zip"));
      document.getElementById("drop").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
    }"""
    opened.evaluate(drop, content.hex())
    expect(opened.locator("#record-names")).to_have_text("dropped.zip")
    opened.fill("#vkey", SIGNER.vkey)
    opened.click("#check")
    opened.wait_for_selector("#report:not([hidden])")
    assert opened.locator("#report").get_attribute("data-exit") == "0"


def test_the_same_report_is_read_in_three_languages(opened, tmp_path):
    check(opened, sealed(tmp_path, sample()))
    for language, direction, title in (("fr", "ltr", "DÉMONTRÉ"), ("fa", "rtl", "ثابت شد"), ("en", "ltr", "PROVED")):
        opened.click(f"[data-language={language}]")
        assert opened.evaluate("[document.documentElement.lang, document.dir]") == [language, direction]
        assert opened.locator(".column-proved h3 span").first.inner_text() == title
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_first_language_is_the_readers(browser, tmp_path):
    for locale, language in (("fa-IR", "fa"), ("fr-CA", "fr"), ("de", "en")):
        context = browser.new_context(locale=locale, offline=True)
        page = open_file(context, tmp_path, verify_html.build(), [])
        assert page.evaluate("document.documentElement.lang") == language
        context.close()


def sentences() -> set[str]:
    """Every sentence of the scripts and of the page, with numbered gaps."""
    scripts = [(verify_html.FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in verify_html.SCRIPTS]
    found = {
        gapped(text)
        for script in scripts
        for text in re.findall(r"\bsay`((?:[^`$]|\$\{(?:[^{}`]|`[^`]*`|\{[^}]*\})*\})*)`", script)
    }
    shell = (verify_html.FOLDER / "shell.html").read_text(encoding="utf-8")
    page = scripts[-1]
    return (
        (found - {"{0} entries"})
        | set(re.findall(r"data-text>([^<]+)<", shell))
        | set(re.findall(r'nodes\(\s*"([^"]+)"', page))
        | set(re.findall(r'\["(?:low|done|)",\s*"([^"]+)"', page))
    )


def gapped(text: str) -> str:
    parts = re.split(r"\$\{(?:[^{}`]|`[^`]*`|\{[^}]*\})*\}", text)
    return "".join(part if at == 0 else f"{{{at - 1}}}{part}" for at, part in enumerate(parts))


def test_every_sentence_is_translated_and_keeps_its_gaps():
    said = sentences()
    assert len(said) > 190
    for language in ("fa", "fr"):
        texts = verify_html.texts(language)
        assert said - texts.keys() == set()
        for key, text in texts.items():
            assert sorted(re.findall(r"\{\d\}", key)) == sorted(re.findall(r"\{\d\}", text)), (language, key)
    persian = "".join(re.sub(r"`[^`]*`|\{\d\}", "", text) for text in verify_html.texts("fa").values())
    assert not re.search(r"[0-9يك]", persian)


# ------------------------------------------------------------------------------------------------ where it lies


def test_anybody_can_open_it_at_its_public_address(client):
    with client.get("/record/verify.html") as response:
        assert response.data == verify_html.build()
        assert response.headers["Content-Security-Policy"].startswith(verify_html.policy())
        assert response.mimetype == "text/html"


def test_it_is_one_click_away_from_the_records(process, open_page, tmp_path):
    """Served by the city it has its own policy: its script runs, and no page of the house is in its way."""
    page = open_page(locale="fr")
    page.goto("/record")
    page.click("a[href='/record/verify.html']")
    found = check(page, sealed(tmp_path, sample()))
    assert (found["exit"], found["failed"]) == (0, [])


@pytest.mark.parametrize("name", ["score", "ranked", "double majority", "lot", "paper", "certified", "equal shares"])
def test_a_rule_that_the_file_cannot_count_is_not_checked_and_everything_else_is(name, opened, tmp_path):
    found = check(opened, case_of(tmp_path, HONEST[name]))
    assert found["failed"] == []
    words = f"The count of {VOTE} by its rules: verify.py, which lies beside, counts it again."
    assert (words in found["not_checked"]) is (name not in ("paper", "certified"))
    number = len(HONEST[name].ballots)
    assert f"{number} ballots of {VOTE} fit the commitments that were logged." in found["proved"]


CHECKED_ELSEWHERE = {
    "score": {"The points on the ballots of"},
    "cumulative": {"The points on the ballots of"},
    "knapsack": {"What each ballot of"},
    "sectors": {"The sectors that decide"},
    "double majority": {"The sectors that decide"},
    "lot": {"The lot of"},
    "paper": {"The ballot boxes of"},
    "certified": {"The certification of"},
    "approval": set(),
    "stv": set(),
}
"""How the sentences begin on what only verify.py checks, besides the count."""


@pytest.mark.parametrize("name", CHECKED_ELSEWHERE)
def test_what_only_verify_py_checks_of_a_vote_is_named(name, opened, tmp_path):
    case = case_of(tmp_path, HONEST[name])
    silent = set(check(opened, case)["not_checked"]) - set(by_python(case)["not_checked"])
    count = f"The count of {VOTE} by its rules: verify.py, which lies beside, counts it again."
    assert {text.partition(f" {VOTE}")[0] for text in silent - {count}} == CHECKED_ELSEWHERE[name]
    assert all(VOTE in text and "verify.py" in text for text in silent)


def test_what_verify_py_proves_of_a_vote_is_proved_here_or_named_as_not_checked(opened, tmp_path):
    """Every sentence that verify.py proves of these votes and this file does not has its own among NOT CHECKED."""
    for name in HONEST:
        folder = tmp_path / name
        folder.mkdir()
        case = case_of(folder, HONEST[name])
        found, expected = check(opened, case), by_python(case)
        missing = [text for text in expected["proved"] if text not in found["proved"]]
        named = [text for text in found["not_checked"] if text not in expected["not_checked"]]
        assert len(named) >= len(missing), (name, missing, named)
        assert set(found["proved"]) <= set(expected["proved"])


def test_weights_of_organisations_are_not_checked_and_such_a_vote_not_counted(opened, tmp_path):
    found = check(opened, attacks_on_votes.an_organisation_weighs_what_the_roll_says(tmp_path))
    assert found["failed"] == []
    assert {text for text in found["not_checked"] if "vote/v2" in text} >= {
        "The weights of the ballots of vote/v2: that they are those of the roll. verify.py checks it.",
        "The count of vote/v2 by its rules: verify.py, which lies beside, counts it again.",
    }


def test_a_canvass_without_a_certification_is_told_as_by_verify_py(opened, tmp_path):
    case = case_of(tmp_path, Held({"canvass_days": 7}, HONEST["certified"].ballots))
    found = check(opened, case)
    assert_same(found, by_python(case))
    assert f"The certification of {VOTE}: there is none yet." in found["not_checked"]


@by_name([each for each in ON_VOTES if {check for check, _ in each.found} & {"kinds", "slots"}])
def test_slots_and_what_the_log_tells_of_ballots_are_checked_whatever_the_rule(attack, opened, tmp_path):
    assert places(check(opened, attack.build(tmp_path))) == attack.found
