"""Pages: inviting in a batch, what a code opens, stages and bulk deeds, the public log of outreach, reminders."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from tests.accounts.making import make_account, send_mails, sign_in
from tests.outreach.making import DIGESTS, activity, correct, invite, on_invitations, record, remind
from tests.processes.making import make_process
from tests.stakeholders.making import make_organisation, staff_browser, told
from ucc_participate.eligibility.models import ProofAttempt
from ucc_participate.kernel.identity import Role
from ucc_participate.outreach import operations, queries
from ucc_participate.outreach.digests import address_digest
from ucc_participate.outreach.models import ContactStop, InvitationCode, InvitationNote, NoteKind, ReminderWish
from ucc_participate.outreach.views.opening import MOST_ATTEMPTS
from ucc_participate.processes.models import Channel, Invitation, InvitationState, ProcessState
from ucc_participate.vocabularies.uccn import Sector

CODE = re.compile(r"[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{3}")
NEVER_GIVEN = "2222-2222-222"


@pytest.fixture
def now(clock) -> datetime:
    return clock.now()


@pytest.fixture
def process(perform, now):
    return make_process(perform, now, ProcessState.OPEN)


@pytest.fixture
def weavers(perform, now):
    return make_organisation(perform, "Weavers", now=now, contact_email="zahra@weavers.example", contact_name="Zahra")


@pytest.fixture
def clerk(app, perform, now):
    return staff_browser(app, perform, Role.CLERK, now=now)


def desk(process, path: str = "") -> str:
    return f"/staff/processes/{process.public_id}/invitations{path}"


def on(day, name="expires_on") -> dict[str, str]:
    """What is typed into a date of three parts."""
    return {f"{name}-day": str(day.day), f"{name}-month": f"gregorian-{day.month}", f"{name}-year": str(day.year)}


def carried_on(page: str) -> MultiDict[str, str]:
    """What the hidden inputs of a page carry to the next one, as a browser sends it."""
    form = page.partition('<form class="form form-dense"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return MultiDict((name, value) for name, value in found if name != "csrf_token")


def typed_invitation(process, organisations, now, **changes):
    chosen = [organisation.public_id for organisation in organisations]
    return {
        "organisations": chosen,
        "channel": "letter",
        "locale": "en",
        **on((now + timedelta(days=30)).date()),
    } | changes


def log_types(app, process) -> list[str]:
    return [entry.type for entry in told(app, process=process.ref)]


def test_many_are_invited_after_a_look_and_their_codes_are_shown_once(app, clerk, client, perform, read, now, process):
    chosen = [make_organisation(perform, name, now=now) for name in ("Weavers", "Choir")]
    make_organisation(perform, "Not chosen", now=now)
    address = f"/staff/processes/{process.public_id}/invite"
    assert "Codes are good until" in clerk.get(address).text
    typed = typed_invitation(process, chosen, now)
    look = clerk.post(address, data=typed)
    assert (look.status_code, "Weavers" in look.text, "Not chosen" in look.text) == (200, True, False)
    assert not read(lambda s: s.scalar(select(func.count()).select_from(Invitation)))
    own = {f"locale-{chosen[0].public_id}": "fa"}
    made = clerk.post(address, data=MultiDict([*carried_on(look.text).items(multi=True), *own.items()]))
    codes = set(CODE.findall(made.text))
    assert (made.status_code, len(codes)) == (200, 2)
    assert made.headers["Cache-Control"] == "no-store"
    assert sorted(read(lambda s: s.scalars(select(InvitationCode.locale)).all())) == ["en", "fa"]
    for page in (desk(process), address, f"/p/{process.public_id}"):
        assert not codes & set(CODE.findall(clerk.get(page).text)), page
    assert "Weavers" in client.get(f"/p/{process.public_id}").text


def test_whole_sectors_are_invited_without_ticking_each(app, clerk, perform, read, now, process):
    """Also more than a page shows: 230 of one sector."""
    for number in range(230):
        make_organisation(perform, f"Shop {number:03}", Sector.PRIVATE, now=now)
    make_organisation(perform, "Choir", now=now)
    address = f"/staff/processes/{process.public_id}/invite"
    typed = typed_invitation(process, [], now, whole_sectors=["private"])
    look = clerk.post(address, data=typed)
    assert ("Only the first 200 are shown" in look.text, "Shop 199" in look.text, "Shop 200" in look.text) == (
        True,
        True,
        False,
    )
    assert not read(lambda s: s.scalar(select(func.count()).select_from(Invitation)))
    made = clerk.post(address, data=carried_on(look.text))
    assert "230 organisations have their codes." in made.text
    assert read(lambda s: s.scalar(select(func.count()).select_from(Invitation))) == 230
    nobody = clerk.post(address, data=typed_invitation(process, [], now))
    assert (nobody.status_code, "Choose at least one organisation." in nobody.text) == (422, True)


def test_letters_come_as_one_pdf_and_codes_as_a_table_for_who_has_the_page(clerk, perform, now, process, weavers):
    issued = invite(perform, process, [weavers], now=now)
    batch = desk(process, f"/batches/{issued.batch.public_id}")
    codes = {"codes": f"{issued.slips[0].code} {NEVER_GIVEN}"}
    pdf = clerk.post(f"{batch}/letters", data=codes)
    assert (pdf.status_code, pdf.mimetype, pdf.data[:5]) == (200, "application/pdf", b"%PDF-")
    table = clerk.post(f"{batch}/table", data=codes).text
    assert (issued.slips[0].code in table, "Weavers" in table, NEVER_GIVEN in table) == (True, True, False)
    assert clerk.post(f"{batch}/letters", data={"codes": NEVER_GIVEN}).status_code == 404
    assert clerk.post(f"{batch}/table", data={}).status_code == 404


def test_names_of_contacts_are_on_paper_alone_and_the_look_is_noted_for_each(
    app, clerk, perform, now, process, weavers
):
    choir = make_organisation(perform, "Choir", now=now)
    page = clerk.post(
        f"/staff/processes/{process.public_id}/invite",
        data=typed_invitation(process, [weavers, choir], now) | {"confirmed": "1"},
    )
    assert "Zahra" not in page.text
    [batch] = set(re.findall(r"batches/(\w+)/table", page.text))
    address = f"/staff/processes/{process.public_id}/invitations/batches/{batch}"
    typed = {"codes": " ".join(set(CODE.findall(page.text)))}
    for _time in range(2):
        assert "Zahra" in clerk.post(f"{address}/table", data=typed).text
    assert clerk.post(f"{address}/letters", data=typed).status_code == 200
    [look] = [entry for entry in told(app) if entry.type == "personal_data.read"]
    assert (look.values["subject"], look.payload) == (weavers.ref, {"page": "contact"})


@pytest.mark.parametrize("path", ["letters", "table"])
def test_no_resident_prints_letters(app, perform, now, process, weavers, path):
    issued = invite(perform, process, [weavers], now=now)
    somebody = sign_in(app, make_account(perform, now=now), now=now)
    address = desk(process, f"/batches/{issued.batch.public_id}/{path}")
    assert somebody.post(address, data={"codes": issued.slips[0].code}).status_code == 403


@pytest.mark.parametrize("changes", [{"organisations": ["nobody"]}, {"channel": "pigeon"}, {"remind_after_days": "1"}])
def test_an_invitation_that_makes_no_sense_is_refused(clerk, perform, read, now, process, weavers, changes):
    typed = typed_invitation(process, [weavers], now) | changes | {"confirmed": "1"}
    assert clerk.post(f"/staff/processes/{process.public_id}/invite", data=typed).status_code == 422
    assert not read(lambda s: s.scalar(select(func.count()).select_from(Invitation)))


def test_opening_the_address_notes_nothing_and_tells_nothing(app, client, perform, read, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    before = log_types(app, process)
    pages = [client.get(f"/i/{code}") for code in (slip.code, slip.code.replace("-", "").lower(), NEVER_GIVEN)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not any("Weavers" in page.text for page in pages)
    assert pages[0].text.replace(slip.code, "") == pages[2].text.replace(NEVER_GIVEN, "")
    assert log_types(app, process) == before
    assert not read(lambda s: s.scalar(select(func.count()).select_from(ProofAttempt)))


def test_the_invitation_is_read_and_answered_without_an_account(app, client, perform, read, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    opened = client.post("/i", data={"code": slip.code})
    assert (opened.status_code, opened.location) == (303, "/invitation")
    page = client.get("/invitation")
    for said in ("Weavers", "A city of crafts", "Prepare the application together", "Please answer by", "Leila Moradi"):
        assert said in page.text
    for secret in ("Zahra", "zahra@", slip.code):
        assert secret not in page.text
    assert client.post("/invitation/answer", data={}).status_code == 422
    assert client.post("/invitation/answer", data={"answer": "answered"}).status_code == 303
    assert "You take part" in client.get("/invitation").text
    assert 'href="/stakeholders/nominate"' in client.get("/invitation").text
    assert client.post("/invitation/answer", data={"answer": "declined", "because": "No time"}).status_code == 303
    assert "You declined" in client.get("/invitation").text
    assert log_types(app, process)[-3:] == [
        "stakeholder.opened",
        "stakeholder.answered",
        "stakeholder.declined",
    ]
    assert not read(lambda s: s.scalar(select(func.count()).select_from(ProofAttempt)))


def test_a_visitor_without_a_choice_reads_in_the_language_of_the_letter(client, perform, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now, locale="fa").slips
    client.post("/i", data={"code": slip.code})
    assert '<html lang="fa"' in client.get("/invitation").text


def test_who_holds_no_code_is_led_to_typing_one(client):
    for answer in (client.get("/invitation"), client.post("/invitation/answer", data={"answer": "answered"})):
        assert (answer.status_code, answer.location) == (303, "/i")


def test_a_slip_of_the_hand_is_told_from_a_wrong_code_and_costs_no_try(client, read, perform, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    mistyped = slip.code[:-1] + ("2" if slip.code[-1] != "2" else "3")
    answer = client.post("/i", data={"code": mistyped})
    assert (answer.status_code, "One letter or digit of this code is wrong" in answer.text) == (422, True)
    assert client.get(f"/i/{mistyped}").status_code == 404
    assert not read(lambda s: s.scalar(select(func.count()).select_from(ProofAttempt)))


def test_guessed_codes_are_counted_locked_and_lead_back(client, clock, perform, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    for _guess in range(MOST_ATTEMPTS):
        refused = client.post("/i", data={"code": NEVER_GIVEN})
        assert (refused.status_code, "opens no invitation" in refused.text) == (404, True)
    locked = client.post("/i", data={"code": slip.code})
    assert locked.status_code == 429
    assert "Wait a quarter of an hour, or call the city" in locked.text
    assert "Call the city or come by" in locked.text
    clock.advance(minutes=16)
    assert client.post("/i", data={"code": slip.code}).status_code == 303


def test_a_good_code_does_not_pay_for_guesses(client, perform, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    for _guess in range(MOST_ATTEMPTS - 1):
        client.post("/i", data={"code": NEVER_GIVEN})
        assert client.post("/i", data={"code": slip.code}).status_code == 303
    client.post("/i", data={"code": NEVER_GIVEN})
    assert client.post("/i", data={"code": slip.code}).status_code == 429


def test_unknown_expired_and_withdrawn_codes_cost_the_same_queries_and_say_the_same(
    app, client, clock, perform, now, process, weavers, count_queries
):
    choir = make_organisation(perform, "Choir", now=now)
    [expired] = invite(perform, process, [weavers], now=now, expires_on=now.date()).slips
    [good] = invite(perform, process, [choir], now=now).slips
    clock.advance(days=1)
    seen = []

    def guess(code: str) -> None:
        answer = client.post("/i", data={"code": code})
        seen.append((answer.status_code, answer.text.replace(code, "")))

    costs = [count_queries(lambda code=code: guess(code)) for code in (expired.code, NEVER_GIVEN)]
    assert seen[0] == seen[1]
    assert abs(costs[0] - costs[1]) <= 1, costs
    assert client.post("/i", data={"code": good.code}).status_code == 303


@pytest.mark.settings(UCC_RATE_LIMITS="yes")
def test_one_address_asks_no_more_than_twenty_times_a_minute(client):
    answers = [client.post("/i", data={"code": "nonsense"}).status_code for _time in range(22)]
    assert answers[:20] == [422] * 20
    assert answers[-1] == 429


def test_a_closed_process_takes_no_answer(client, clock, perform, now, process, weavers):
    from tests.processes.making import close

    [slip] = invite(perform, process, [weavers], now=now, expires_on=(now + timedelta(days=90)).date()).slips
    client.post("/i", data={"code": slip.code})
    close(perform, process, now=now + timedelta(days=60))
    clock.advance(days=61)
    answer = client.post("/invitation/answer", data={"answer": "answered"})
    assert (answer.status_code, "This process is closed" in answer.text) == (409, True)


def test_the_table_shows_how_far_each_has_come_and_finds_the_silent(clerk, client, clock, perform, now, process):
    people = [make_organisation(perform, f"Group {number:02}", now=now) for number in range(4)]
    slips = {slip.organisation_ref: slip for slip in invite(perform, process, people, now=now).slips}
    client.post("/i", data={"code": slips[people[1].ref].code})
    client.post("/invitation/answer", data={"answer": "answered"})
    clock.advance(days=8)
    silent = clerk.get(desk(process, "?silent_days=7")).text
    assert ("Group 01" in silent, "Group 00" in silent) == (False, True)
    assert "Group 01" in clerk.get(desk(process, "?stage=answered")).text
    assert "Group 00" not in clerk.get(desk(process, "?stage=answered")).text
    assert "Group 01" not in clerk.get(desk(process, "?not_reached=opened")).text
    assert "No invitation fits" in clerk.get(desk(process, "?sector=private")).text
    assert "Group 03" in clerk.get(desk(process, "?silent_days=nonsense&stage=x&sector=y")).text


def test_the_table_asks_as_often_for_many_as_for_few_and_goes_on_by_key(
    clerk, perform, now, process, count_queries, read
):
    few = [make_organisation(perform, f"Few {number}", now=now) for number in range(2)]
    invite(perform, process, few, now=now)
    first = count_queries(lambda: clerk.get(desk(process)))
    many = [make_organisation(perform, f"Many {number:03}", now=now) for number in range(70)]
    invite(perform, process, many, now=now)
    assert count_queries(lambda: clerk.get(desk(process))) == first
    page = clerk.get(desk(process)).text
    following = re.search(r"after=([a-z0-9]+)", page)
    assert following is not None
    rest = clerk.get(desk(process, f"?after={following[1]}")).text
    assert ("Many 069" in rest, "Few 0" in rest) == (True, False)


def test_what_organisations_do_elsewhere_shows_in_the_table(app, perform, read, now, process, weavers):
    """Proposals and ballots are known to higher domains, which say so."""
    with app.app_context():
        beyond = app.extensions["ucc.organisation_stages"]
        assert {"proposed", "voted"} <= set(beyond)
    invite(perform, process, [weavers], now=now)
    known = {"proposed": lambda _process: select(Invitation.organisation_id)}
    page = read(lambda s: queries.list_stages(s, process, queries.StageFilter(), beyond=known, now=now))
    assert page.rows[0].stages == {queries.Stage.SILENT, queries.Stage.PROPOSED}
    counts = read(lambda s: queries.count_stages(s, process, beyond=beyond))
    assert (counts["invited"], counts["silent"], counts["proposed"], counts["voted"]) == (1, 1, 0, 0)


def test_bulk_deeds_show_what_they_will_do_before_they_do_it(app, clerk, clock, perform, read, now, process, weavers):
    choir = make_organisation(perform, "Choir", now=now)
    invite(perform, process, [weavers, choir], now=now)
    clock.advance(days=5)
    chosen = {"organisations": [weavers.public_id, choir.public_id]}
    before = log_types(app, process)
    look = clerk.post(desk(process, "/remind"), data=chosen)
    assert "1 organisation gets an e-mail" in look.text
    assert "No e-mail address in the register." in look.text
    for deed in ("attendance", "call", "codes"):
        assert clerk.post(desk(process, f"/{deed}"), data=chosen).status_code == 200
    assert log_types(app, process) == before
    assert clerk.post(desk(process, "/remind"), data=chosen | {"confirmed": "1"}).status_code == 303
    assert log_types(app, process)[-2:] == ["invitation.codes_issued", "stakeholder.reminded"]
    [mail] = send_mails(app)
    assert (mail.to, "reminder" in mail.subject.lower()) == ("zahra@weavers.example", True)


def test_attendance_calls_and_new_codes_are_done_for_the_chosen(app, clerk, perform, read, now, process, weavers):
    choir = make_organisation(perform, "Choir", now=now)
    invite(perform, process, [weavers, choir], now=now)
    one, yes = {"organisations": [weavers.public_id]}, {"confirmed": "1"}
    came = one | yes | on(now.date(), "held_on") | {"text": "First evening"}
    assert clerk.post(desk(process, "/attendance"), data=came).status_code == 303
    assert (
        clerk.post(desk(process, "/attendance"), data=one | yes | {"held_on": "2031-01-01", "text": "x"}).status_code
        == 422
    )
    said = {"answer": "declined", "through": "phone", "text": "Too far"}
    everyone = {"everyone": "1", "not_reached": "answered"} | yes | said
    assert clerk.post(desk(process, "/call"), data=everyone).status_code == 303
    assert clerk.post(desk(process, "/call"), data=one | yes).status_code == 422
    states = read(lambda s: s.scalars(select(Invitation.status)).all())
    assert states == [InvitationState.DECLINED] * 2
    made = clerk.post(desk(process, "/codes"), data=one | yes | {"locale": "fr"} | on(now.date() + timedelta(days=9)))
    assert len(set(CODE.findall(made.text))) == 1
    notes = clerk.get(desk(process)).text
    assert ("First evening" in notes, "Too far" in notes) == (True, True)
    assert "Nobody is chosen" in clerk.post(desk(process, "/remind"), data={}).text


def test_the_table_is_for_staff_and_evaluators(app, perform, client, now, process):
    evaluator = staff_browser(app, perform, Role.EVALUATOR, now=now)
    assert evaluator.get(desk(process)).status_code == 200
    assert "Remind…" not in evaluator.get(desk(process)).text
    assert evaluator.post(desk(process, "/remind"), data={}).status_code == 403
    assert client.get(desk(process)).status_code == 303


def test_a_batch_is_withdrawn_after_a_look(app, clerk, client, perform, now, process, weavers):
    issued = invite(perform, process, [weavers], now=now)
    address = desk(process, f"/batches/{issued.batch.public_id}/withdraw")
    assert "1 code opens nothing any more." in clerk.get(address).text
    assert clerk.post(address).status_code == 303
    assert clerk.post(address).status_code == 409
    assert client.post("/i", data={"code": issued.slips[0].code}).status_code == 404
    assert log_types(app, process)[-1] == "invitation.codes_withdrawn"


def test_everybody_reads_what_was_done_and_how_it_was_corrected(client, perform, now, process):
    made = record(perform, process, activity(now.date(), gap="Weavers of the villages"), now=now)
    correct(perform, process, made.public_id, activity(now.date(), reached=42), now=now, because="Two lists were added")
    listed = client.get(f"/p/{process.public_id}/outreach").text
    assert ("House of crafts" in listed, "42" in listed, "corrected" in listed) == (True, True, True)
    page = client.get(f"/p/{process.public_id}/outreach/{made.public_id}").text
    for said in ("Two lists were added", "24", "42", "Weavers of the villages"):
        assert said in page
    assert client.get(f"/p/{process.public_id}/outreach/nothing2").status_code == 404
    panel = client.get(f"/p/{process.public_id}").text
    assert "By the city’s own account they reached 42 people." in panel


def test_the_list_is_filtered_and_goes_on_by_key_with_as_many_queries(client, perform, now, process, count_queries):
    for day in range(3):
        record(perform, process, activity(now.date() - timedelta(days=day), place=f"Place {day}"), now=now)
    address = f"/p/{process.public_id}/outreach"
    few = count_queries(lambda: client.get(address))
    for day in range(40):
        record(perform, process, activity(now.date() - timedelta(days=day // 4), place=f"House {day:02}"), now=now)
    assert count_queries(lambda: client.get(address)) == few
    first, seen = client.get(address).text, set()
    seen |= set(re.findall(r"House \d\d", first))
    following = re.search(r"after=([a-z0-9]+)", first)
    assert following is not None
    rest = client.get(f"{address}?after={following[1]}").text
    assert not seen & set(re.findall(r"House \d\d", rest))
    assert len(seen | set(re.findall(r"House \d\d", rest))) == 40
    assert "Nothing fits" in client.get(f"{address}?kind=radio").text


def test_a_clerk_notes_with_evidence_and_corrects(app, clerk, client, perform, now, process):
    address = f"/staff/processes/{process.public_id}/outreach"
    typed: dict[str, Any] = {"kind": "radio", "place": "Radio Gilan", "group": "all", "reached": "۹۰۰۰"}
    typed |= on(now.date(), "held_on")
    assert clerk.post(f"{address}/new", data=typed).status_code == 422
    png = _png()
    typed |= {"counted": "estimated", "evidence": (io.BytesIO(png), "poster.png")}
    made = clerk.post(f"{address}/new", data=typed, content_type="multipart/form-data")
    assert made.status_code == 303
    page = client.get(made.location)
    assert ("9,000" in page.text, "own estimate" in page.text, "poster" in page.text) == (True, True, True)
    document = re.search(r'href="(/documents/[a-z0-9]+)"', page.text)
    assert document is not None
    with client.get(document[1]) as opened:
        assert opened.status_code == 200
    wrong = {"kind": "press", "place": "Gilan daily", "group": "all"} | on(now.date(), "held_on")
    correction = f"{address}/{made.location.rpartition('/')[2]}/correct"
    assert "Radio Gilan" in clerk.get(correction).text
    assert clerk.post(correction, data=wrong).status_code == 422
    assert clerk.post(correction, data=wrong | {"because": "It was the newspaper"}).status_code == 303
    entry = told(app, process=process.ref)[-1]
    assert (entry.type, entry.payload["kind"], len(entry.payload["evidence"])) == ("outreach.corrected", "press", 1)


def _png() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("missing", "filled_in"),
    [
        ("sex:female", '<option selected value="women">'),
        ("age:under_30", '<option selected value="youth">'),
        ("sector:private", '<option selected value="sector:private">'),
        ("district:Old%20town", 'value="Old town"'),
        ("nonsense", '<option value="all">'),
    ],
)
def test_who_is_missing_is_filled_in_already(clerk, process, missing, filled_in):
    address = f"/staff/processes/{process.public_id}/outreach/new"
    assert filled_in in clerk.get(address, query_string={"about": missing}).text


def test_a_table_is_brought_row_by_row(app, clerk, perform, now, process):
    rows = [
        "kind,date,place,reached,counted",
        "workshop,1404/12/20,House of crafts,۳۰,counted",
        "radio,20/03/2026,Radio Gilan,,",
        "workshop,1404/12/20,House of crafts,30,counted",
        "pigeon,2026-03-01,Bazaar,1,counted",
        "visit,2026-02-30,Bazaar,1,counted",
        "visit,2031-02-01,Bazaar,1,counted",
        "visit,2026-02-01,,1,counted",
        "visit,2026-02-01,Bazaar,many,counted",
    ]
    address = f"/staff/processes/{process.public_id}/outreach/bring"
    begin = clerk.get(address).text
    assert ("شمارش" in begin, "own estimate" in begin, "Social media" in begin) == (True, True, True)
    empty = clerk.get(f"{address}/empty.csv")
    assert empty.text.lstrip("\ufeff").startswith("kind,day,place")

    def bring():
        file = {"file": (io.BytesIO("\n".join(rows).encode()), "outreach.csv")}
        return clerk.post(address, data=file, content_type="multipart/form-data")

    look = bring().text
    assert "2 rows can be noted" in look
    assert "outreach.recorded" not in log_types(app, process)
    for said in (
        "the same kind, day, place and deed",
        "“pigeon” is no kind",
        "“2026-02-30” is no day",
        "still to come",
        "The place is missing",
        "no number of people",
    ):
        assert said in look
    [onward] = re.findall(r'name="rows" value="([^"]*)"', look)
    page = clerk.post(address, data={"rows": html.unescape(onward)}, content_type="multipart/form-data").text
    assert "2 activities are noted." in page
    assert "“pigeon” is no kind" in page
    assert log_types(app, process)[-2:] == ["outreach.recorded"] * 2
    again = bring().text
    assert ("0 rows can be noted" in again, "Note the good rows" in again) == (True, False)
    assert log_types(app, process).count("outreach.recorded") == 2
    assert clerk.post(address, data={"rows": "[[nonsense"}).status_code == 422
    broken = {"file": (io.BytesIO(b"a,b,c\n1,2,3"), "x.csv")}
    assert clerk.post(address, data=broken, content_type="multipart/form-data").status_code == 422


def test_somebody_follows_chooses_and_stops(app, perform, read, clock, now, process):
    account = make_account(perform, now=now)
    browser = sign_in(app, account, now=now)
    page = f"/p/{process.public_id}"
    assert "Tell me what happens here" in browser.get(page).text
    assert browser.post(f"{page}/follow").status_code == 303
    assert "Tell me no more of it" in browser.get(page).text
    chosen = {"kinds": ["phase", "vote"], "quiet_from": "20", "quiet_until": "7"}
    assert browser.post("/account/reminders", data=chosen).status_code == 303
    wish = read(lambda s: s.scalar(select(ReminderWish)))
    assert (wish.kinds, wish.quiet_from, wish.quiet_until) == (["phase", "vote"], 20, 7)
    assert browser.post("/account/reminders", data={"kinds": ["phase"], "quiet_from": "20"}).status_code == 422
    assert "A city of crafts" in browser.get("/account/reminders").text
    data: Any = browser.get("/account/data.json").json
    assert (data["reminders"]["kinds"], data["followed"][0]["process"]) == (["phase", "vote"], process.public_id)
    assert browser.post(f"{page}/unfollow", data={"from": "wishes"}).location == "/account/reminders"
    assert "You follow nothing" in browser.get("/account/reminders").text
    last = told(app)[-1]
    assert (last.type, last.values["process"], last.payload) == ("account.reminders_changed", None, {})
    browser.post(f"{page}/follow")
    assert browser.post("/account/erase").status_code == 303
    assert read(lambda s: s.scalars(select(ReminderWish)).all()) == []


@pytest.mark.csrf
def test_one_press_in_a_mail_stops_reminders_without_a_session(app, client, perform, read, now, process, weavers):
    """RFC 8058: a POST without cookies to the address in the head of the mail; opening it changes nothing."""
    from ucc_participate.outreach.addresses import links

    with app.app_context():
        link = links().stop_contact(address_digest(DIGESTS, "Zahra@Weavers.example "))
    path = link.partition("8000")[2]
    assert "Stop them" in client.get(path).text
    assert not read(lambda s: s.scalars(select(ContactStop)).all())
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "No more such mails" in answer.text) == (200, True)
    assert client.post(path).status_code == 200
    kept = read(lambda s: s.scalars(select(ContactStop.address)).all())
    assert kept == [address_digest(DIGESTS, "zahra@weavers.example")]
    for wrong in ("/stop/nonsense", path[:-2] + "xx"):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong).status_code == 404


def test_mails_that_remind_carry_the_head_that_stops_them(app, perform, now, process, weavers):
    from email import message_from_bytes
    from email.policy import default

    invite(perform, process, [weavers], now=now, channel=Channel.EMAIL)
    send_mails(app)
    [path] = (app.extensions["ucc.settings"].instance_path / "mails").glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    stop = address_digest(DIGESTS, "zahra@weavers.example")
    assert mail["List-Unsubscribe"] == f"<http://city.example/stop/{stop}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_visitors_are_asked_to_sign_in_before_they_are_told_anything(client, process):
    assert "Sign in to be told what happens here" in client.get(f"/p/{process.public_id}").text
    assert client.post(f"/p/{process.public_id}/follow").location.startswith("/sign-in")


def answered(client, perform, process, organisation, now) -> None:
    """The organisation opened its invitation and said that it takes part."""
    [slip] = invite(perform, process, [organisation], now=now).slips
    client.post("/i", data={"code": slip.code})
    client.post("/invitation/answer", data={"answer": "answered"})


SPEAKER = {"name": "Mina Rahimi", "reach": "mina@weavers.example", "text": "Call after five"}


def test_who_accepts_names_who_shall_speak_and_is_told_what_happens_next(
    app, client, clerk, perform, read, now, process, weavers
):
    answered(client, perform, process, weavers, now)
    page = client.get("/invitation").text
    assert ("What happens next" in page, 'href="/sign-up"' in page) == (True, True)
    assert "Your answer: We take part" in page
    assert client.post("/invitation/delegate", data={"name": "Mina Rahimi"}).status_code == 422
    assert client.post("/invitation/delegate", data=SPEAKER | {"name": "Somebody else"}).status_code == 303
    assert client.post("/invitation/delegate", data=SPEAKER).status_code == 303
    [note] = read(lambda s: s.scalars(select(InvitationNote)).all())
    assert (note.kind, note.text) == (NoteKind.DELEGATE, "Mina Rahimi · mina@weavers.example\nCall after five")
    entries = told(app, process=process.ref)
    assert [entry.type for entry in entries][-2:] == ["stakeholder.named"] * 2
    assert not any("ina" in str(entry.payload) and "example" in str(entry.payload) for entry in entries)
    staff = clerk.get(desk(process)).text
    assert ("mina@weavers.example" in staff, "Somebody else" in staff, "Shall speak for it" in staff) == (
        True,
        False,
        True,
    )
    clerk.get(desk(process))
    [look] = [entry for entry in told(app, subject=weavers.ref) if entry.type == "personal_data.read"]
    assert look.payload == {"page": "contact"}
    evaluator = staff_browser(app, perform, Role.EVALUATOR, now=now).get(desk(process))
    assert (evaluator.status_code, "mina@" in evaluator.text) == (200, False)
    named = client.get("/invitation").text
    assert ("You named somebody" in named, "Name somebody else" in named, "mina@" in named) == (True, True, False)


def test_nobody_is_named_for_an_organisation_that_has_not_said_yes(app, client, perform, read, now, process, weavers):
    assert client.post("/invitation/delegate", data=SPEAKER).location == "/i"
    [slip] = invite(perform, process, [weavers], now=now).slips
    client.post("/i", data={"code": slip.code})
    assert "Who speaks for you?" not in client.get("/invitation").text
    assert client.post("/invitation/delegate", data=SPEAKER).status_code == 409
    assert not read(lambda s: s.scalars(select(InvitationNote)).all())
    assert "stakeholder.named" not in log_types(app, process)


def test_the_question_stands_open_only_until_it_is_answered(client, perform, now, process, weavers):
    [slip] = invite(perform, process, [weavers], now=now).slips
    client.post("/i", data={"code": slip.code})
    assert "change it" not in client.get("/invitation").text
    client.post("/invitation/answer", data={"answer": "declined"})
    page = client.get("/invitation").text
    assert "Your answer: We decline" in page
    folded = page.partition('<details class="filter-box">')[2].partition("</details>")[0]
    assert 'action="/invitation/answer"' in folded


@pytest.mark.settings(UCC_CONTACT="Telephone 013 555, Bazaar street, 8 to 14")
def test_how_to_reach_the_city_stands_wherever_people_are_told_to_call(client, perform, now, process, weavers):
    answered(client, perform, process, weavers, now)
    for path in ("/i", "/invitation"):
        assert "Telephone 013 555, Bazaar street, 8 to 14" in client.get(path).text, path


def test_a_filter_that_makes_no_sense_is_said_to_be_wrong_and_the_rest_of_it_holds(
    clerk, client, perform, now, process, weavers
):
    shop = make_organisation(perform, "Shop", Sector.PRIVATE, now=now)
    invite(perform, process, [weavers, shop], now=now)
    page = clerk.get(desk(process, "?silent_days=abc&sector=private")).text
    assert ("Shop" in page, "Weavers" in page) == (True, False)
    assert 'href="#silent_days"' in page
    assert 'href="#silent_days"' not in clerk.get(desk(process, "?silent_days=3")).text


def test_silence_runs_from_the_invitation_and_ends_with_an_answer_or_a_visit(
    clerk, clock, perform, now, process, weavers
):
    """A mail of ours is no sign of theirs."""
    choir = make_organisation(perform, "Choir", now=now)
    invite(perform, process, [weavers, choir], now=now)
    clock.advance(days=8)
    later = clock.now()
    assert remind(perform, process, [weavers], now=later) == 1
    facts: dict[str, Any] = {"at": later, "text": "Came by"}
    on_invitations(perform, process, [choir], operations.note_attendance, now=later, **facts)
    page = clerk.get(desk(process, "?silent_days=7"))
    assert ("Weavers" in page.text, "Choir" in page.text) == (True, False)
    assert "Reminded 1 time" in page.text
    assert "No invitation fits" in clerk.get(desk(process, "?silent_days=9")).text
    assert "Choir" not in clerk.get(desk(process, "?stage=silent")).text


def test_who_came_is_not_counted_as_silent(read, perform, now, process, weavers):
    choir = make_organisation(perform, "Choir", now=now)
    invite(perform, process, [weavers, choir], now=now)
    facts: dict[str, Any] = {"at": now, "text": ""}
    on_invitations(perform, process, [choir], operations.note_attendance, now=now, **facts)
    counts = read(lambda s: queries.count_stages(s, process, beyond={}))
    assert (counts["invited"], counts["silent"], counts["attended"]) == (2, 1, 1)


def test_what_was_said_is_of_the_organisations_that_the_filter_finds(clerk, perform, now, process, weavers):
    shop = make_organisation(perform, "Shop", Sector.PRIVATE, now=now)
    invite(perform, process, [weavers, shop], now=now)
    for organisation, text in ((weavers, "Looms were shown"), (shop, "Prices were shown")):
        facts: dict[str, Any] = {"at": now, "text": text}
        on_invitations(perform, process, [organisation], operations.note_attendance, now=now, **facts)
    everybody, some = clerk.get(desk(process)).text, clerk.get(desk(process, "?sector=private")).text
    assert ("Looms were shown" in everybody, "Prices were shown" in everybody) == (True, True)
    assert ("Looms were shown" in some, "Prices were shown" in some) == (False, True)
    assert ("that the filter finds" in some, "Of the organisations that the filter finds" in everybody) == (True, False)


def test_loading_the_page_of_codes_once_more_says_that_they_are_invited(clerk, perform, read, now, process, weavers):
    """Also by whole sectors; and nobody gets a second code."""
    address = f"/staff/processes/{process.public_id}/invite"
    make_organisation(perform, "Not chosen", Sector.PRIVATE, now=now)
    for typed in ({"organisations": [weavers.public_id]}, {"whole_sectors": ["private"]}):
        typed = typed_invitation(process, [], now) | {"confirmed": "1"} | typed
        assert clerk.post(address, data=typed).status_code == 200
        again = clerk.post(address, data=typed)
        assert (again.status_code, "They are invited already" in again.text) == (409, True)
        assert "New codes…" in again.text
        assert f'href="{desk(process)}"' in again.text
    assert len(read(lambda s: s.scalars(select(InvitationCode)).all())) == 2


def test_a_sector_of_which_everybody_is_invited_is_shown_as_such(clerk, perform, now, process, weavers):
    make_organisation(perform, "Shop", Sector.PRIVATE, now=now)
    make_organisation(perform, "School", Sector.PUBLIC, now=now)
    address = f"/staff/processes/{process.public_id}/invite"
    assert "All invited already" not in clerk.get(address).text
    invite(perform, process, [weavers], now=now)
    page = clerk.get(address).text
    assert ('value="private"' in page, 'value="civil_society"' in page) == (True, False)
    assert "All invited already: Civil society." in page


def test_organisations_to_invite_are_found_by_name(clerk, perform, read, now, process, weavers):
    make_organisation(perform, "کانون سفالگران", now=now)
    address = f"/staff/processes/{process.public_id}/invite"
    found = clerk.get(address, query_string={"q": "سفالگران"}).text
    assert ("کانون سفالگران" in found, "Weavers" in found, "1 organisation fits." in found) == (True, False, True)
    assert "0 organisations fit." in clerk.get(f"{address}?q=nobody").text
    typed = typed_invitation(process, [weavers], now)
    assert "Weavers" in clerk.post(f"{address}?q=nobody", data=typed).text


def test_a_code_that_is_too_short_is_told_from_one_with_a_wrong_letter(client):
    answer = client.post("/i", data={"code": "K7QM-3XPA"})
    assert (answer.status_code, "here there are more or fewer" in answer.text) == (422, True)
    assert "One letter or digit" not in answer.text


def test_hours_are_written_as_the_language_of_the_reader_writes_them(app, perform, now):
    browser = sign_in(app, make_account(perform, now=now, locale="fa"), now=now)
    browser.get("/language/fa?next=/")
    page = browser.get("/account/reminders").text
    assert ("۰۸:۰۰" in page, "۲۱:۰۰" in page) == (True, True)
    assert "08:00" not in page


def test_mails_that_were_stopped_before_are_said_to_be(app, client, perform, now, process):
    """Of an organisation's address, of an account, and of an account that is gone."""
    from ucc_participate.outreach.addresses import links

    account = make_account(perform, now=now)
    with app.app_context():
        stops = [links().stop_contact(address_digest(DIGESTS, "zahra@weavers.example")), links().stop_account(account)]
    for path in (link.partition("8000")[2] for link in stops):
        assert "They are stopped already" not in client.get(path).text
        assert client.post(path).status_code == 200
        again = client.get(path).text
        assert ("They are stopped already" in again, "Stop them" in again) == (True, False)
    sign_in(app, account, now=now).post("/account/erase")
    assert "They are stopped already" in client.get(path).text


def test_a_look_at_reminding_nobody_announces_no_mail(clerk, clock, perform, now, process):
    choir = make_organisation(perform, "Choir", now=now)
    invite(perform, process, [choir], now=now)
    clock.advance(days=5, hours=12)
    look = clerk.post(desk(process, "/remind"), data={"organisations": [choir.public_id]}).text
    assert ("None of them can be reminded now" in look, "quiet time" in look, "gets an e-mail" in look) == (
        True,
        False,
        False,
    )


def test_who_reminds_at_night_is_told_when_the_mails_go_out(app, clerk, clock, perform, now, process, weavers):
    invite(perform, process, [weavers], now=now)
    clock.advance(days=5, hours=12)
    chosen = {"organisations": [weavers.public_id], "confirmed": "1"}
    told_then = clerk.post(desk(process, "/remind"), data=chosen, follow_redirects=True).text
    assert "1 organisation is reminded: the mail goes out on 27 March 2026, 08:00" in told_then
    assert send_mails(app) == []
