"""What looks alike while one writes: found by rare words, shown before anything is sent."""

from __future__ import annotations

import pytest

from tests.accounts.making import make_account, sign_in
from tests.proposals.making import change, draft, proposing_process, submit
from tests.proposals.test_views import FORM
from tests.stakeholders.making import acting
from ucc_participate.proposals import operations, similar
from ucc_participate.proposals.models import Content

COMMON = "کارگاه برای همهٔ شهروندان در بازار"
OTHERS = ("سفال", "گلیم", "خط", "تار", "کاغذ", "چوب", "مس", "شیشه", "نمد", "چرم")


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, display_name="Sara")


@pytest.fixture
def hers(app, sara, clock, process):
    return sign_in(app, sara, now=clock.now())


@pytest.fixture
def home(process):
    return f"/p/{process.public_id}/proposals"


@pytest.fixture
def ideas(perform, process, sara, clock):
    """Ten ideas that share every word but two each."""
    return {
        word: submit(
            perform,
            process,
            acting(sara),
            now=clock.now(),
            title=f"{COMMON} {word}",
            summary=f"{COMMON}: آموزش {word}‌گری",
            language="fa",
        )
        for word in OTHERS
    }


def near(read, process, title, summary="", **facts):
    found = read(lambda s: similar.nearest(s, process, title, summary, **facts))
    return [(one.proposal.public_id, one.share) for one in found]


def test_the_rare_word_decides_and_common_ones_do_not(read, process, ideas):
    found = near(read, process, "آموزش گلیم‌گری به زنان", "کارگاه گلیم در بازار")
    assert found[0][0] == ideas["گلیم"].public_id
    assert len(found) == 1


def test_arabic_letters_half_spaces_and_digits_make_no_difference(perform, read, process, sara, clock, ideas):
    made = submit(perform, process, acting(sara), now=clock.now(), title="کتاب‌خانهٔ سیّار ۱۲ محله", summary="یک")
    assert near(read, process, "كتابخانه سيار 12 محله")[0][0] == made.public_id


def test_nothing_is_near_a_text_without_words_or_with_common_ones_only(read, process, ideas):
    assert near(read, process, "", "") == []
    assert near(read, process, "!!! ؟", "…") == []
    assert near(read, process, COMMON, COMMON) == []
    assert near(read, process, '"*" OR NEAR( گلیم', "' & | !") == []


def test_the_text_itself_withdrawn_ones_and_drafts_are_not_shown(perform, read, process, sara, clock, ideas):
    rug, felt = ideas["گلیم"], ideas["نمد"]
    change(perform, felt, operations.withdraw_proposal, actor=acting(sara), now=clock.now())
    draft(perform, process, acting(sara), now=clock.now(), title="شیشه‌گری شبانه", summary="آموزش شیشه‌گری")
    assert near(read, process, "نمد و نمدگری", "آموزش نمد‌گری") == []
    assert near(read, process, "گلیم و گلیم‌گری", "گلیم", besides=rug.id) == []
    assert [one for one, _share in near(read, process, "شیشه‌گری", "شیشه")] == [ideas["شیشه"].public_id]


def test_at_most_five_are_shown_the_nearest_first(perform, read, process, sara, clock, ideas):
    for number in range(8):
        text = "گذرگاه دوچرخه " + ("کنار رود " * (number % 3 == 0))
        submit(perform, process, acting(sara), now=clock.now(), title=f"{text} {number}", summary="مسیر")
    found = near(read, process, "گذرگاه دوچرخه کنار رود", "مسیر")
    assert len(found) == similar.NEAREST
    shares = [share for _one, share in found]
    assert shares == sorted(shares, reverse=True)


def test_a_corrected_text_is_found_by_its_new_words_alone(perform, read, process, sara, clock, ideas):
    from ucc_participate.kernel.identity import Role
    from ucc_participate.proposals.handing_in import correct_text

    told = Content(
        title="آسیاب آبی پایین‌رود",
        summary="بازسازی آسیاب",
        kind=ideas["مس"].kind,
        level=ideas["مس"].level,
        objectives=("OBJ-1",),
    )

    def work(session, proposal, *, actor, now):
        correct_text(session, proposal, told, author_name=None, actor=actor, now=now, role=Role.CLERK)

    change(perform, ideas["مس"], work, actor=acting(sara), now=clock.now())
    assert near(read, process, "آسیاب آبی", "بازسازی")[0][0] == ideas["مس"].public_id
    assert near(read, process, "مس", "مس‌گری") == []


def test_the_work_stays_within_its_rows(perform, read, process, sara, clock, ideas, monkeypatch):
    """A word that too many have is left out once others have filled what may be read."""
    monkeypatch.setattr(similar, "ROWS", 3)
    found = near(read, process, "گلیم نمد چرم شیشه", "گلیم نمد چرم شیشه")
    assert 1 <= len(found) <= 3


# --- pages


def send(browser, home, **changes):
    return browser.post(f"{home}/new", data=FORM | {"send": "1"} | changes)


def test_the_first_press_of_send_shows_near_ones_and_loses_nothing(perform, hers, read, process, sara, clock, home):
    made = submit(perform, process, acting(sara), now=clock.now(), title=f"{FORM['title']} again")
    shown = send(hers, home)
    assert shown.status_code == 200
    assert "This proposal looks like yours" in shown.text
    assert made.title in shown.text
    for typed in ("title", "summary", "body", "place"):
        assert FORM[typed] in shown.text
    assert 'name="seen" value="1"' in shown.text
    sent = send(hers, home, seen="1")
    assert sent.status_code == 303
    assert send(hers, home).location == sent.location  # the same form once more


def test_what_looks_like_nothing_is_sent_at_once(hers, home):
    assert send(hers, home).status_code == 303


def test_a_part_of_a_page_says_what_is_near_to_those_who_may_write(client, perform, hers, process, sara, clock, home):
    made = submit(perform, process, acting(sara), now=clock.now())
    part = hers.post(f"{home}/similar", data={"title": made.title, "summary": made.summary})
    assert made.title in part.text
    assert "<html" not in part.text
    assert hers.post(f"{home}/similar", data={"title": "Quite other words"}).text.strip() == ""
    assert client.post(f"{home}/similar", data={"title": made.title}).status_code == 303


def test_near_ones_can_be_supported_where_endorsing_is_open(app, perform, hers, process, sara, now, clock, home):
    made = submit(perform, process, acting(sara), now=clock.now())
    reza = sign_in(app, make_account(perform, "reza@city.example", now=now, display_name="Reza"), now=clock.now())
    like = {"title": made.title, "summary": made.summary}
    address = f'href="{home}/{made.public_id}#support"'
    assert address in reza.post(f"{home}/similar", data=like).text
    assert address in send(reza, home, idempotency_key="another", **like).text
    own = hers.post(f"{home}/similar", data=like).text
    assert made.title in own
    assert address not in own
