"""Comments under moderation: held before anybody reads them, hidden and shown again, with counts that follow."""

from __future__ import annotations

from typing import Any

import pytest
from flask import url_for

from tests.accounts.making import acting, make_account, sign_in
from tests.deliberation.making import REASON
from tests.moderation.making import ADDRESSES, WORDS, set_rules
from tests.proposals.making import official
from ucc_participate.deliberation import moderating, operations, queries
from ucc_participate.deliberation.models import Stance, Voice
from ucc_participate.kernel.errors import Conflict
from ucc_participate.kernel.identity import Role
from ucc_participate.moderation import operations as moderation
from ucc_participate.moderation.models import Mode, Reason, Standing

SPAM = "Buy looms at https://a.example https://b.example https://c.example https://d.example now"


@pytest.fixture
def moderator(hall, perform):
    account = make_account(perform, "mod@city.example", now=hall.clock.now(), roles=(Role.MODERATOR,))
    return account, acting(account, Role.MODERATOR)


def conceal(hall, made, standing, moderator):
    now = hall.clock.now()
    hall.perform(lambda s: moderating.conceal_comment(s, made.ref, standing, actor=moderator[1], now=now))


def test_what_looks_like_spam_waits_and_is_nowhere_meanwhile(hall, client, moderator, told, drift):
    made = hall.say("Sara", SPAM)
    assert made.standing is Standing.HELD
    posted = next(payload for kind, payload, _role in told(made.ref) if kind == "comment.posted")
    assert (posted["text"], posted["author"], posted["standing"]) == (None, None, "held")
    page = f"/p/{hall.process.public_id}/comments/{made.public_id}"
    assert hall.thread().comment_count == 0
    for address in (hall.url, f"{hall.url}/comments.csv", f"{hall.url}/comments.json"):
        assert "Buy looms" not in client.get(address).text
    assert client.get(page).status_code == 404
    assert hall.browser("Reza").get(page).status_code == 404
    assert hall.browser("Sara").get(page).status_code == 200
    assert sign_in(hall.app, moderator[0], now=hall.clock.now()).get(page).status_code == 200
    assert "Buy looms" in hall.browser("Sara").get(hall.url.replace("discussion/proposal", "proposals")).text
    conceal(hall, made, Standing.SHOWN, moderator)
    kind, payload, role = told(made.ref)[-1]
    assert (kind, payload["text"], role) == ("comment.restored", SPAM, "moderator")
    assert hall.thread().for_count == 1
    assert "Buy looms" in client.get(hall.url).text
    assert drift() == []


def test_a_hidden_comment_leaves_a_stub_and_counts_nowhere(hall, client, moderator, told, drift):
    made = hall.say("Sara")
    hall.reply(made)
    conceal(hall, made, Standing.HIDDEN, moderator)
    assert told(made.ref)[-1][1]["text"] is None
    assert hall.thread().for_count == 0
    page = client.get(hall.url).text
    assert REASON not in page
    assert "Hidden by moderation" in page
    assert REASON not in client.get(f"{hall.url}/comments.csv").text
    with pytest.raises(Conflict):
        hall.reply(made, "Nima", "But why was it hidden?")
    with pytest.raises(Conflict):
        hall.edit(made, "Then I say it in other words.")
    conceal(hall, made, Standing.SHOWN, moderator)
    assert REASON in client.get(hall.url).text
    assert drift() == []


def test_earlier_words_of_a_hidden_comment_are_hidden_too(hall, client, moderator):
    made = hall.say("Sara")
    hall.edit(made, "They stand still in the evening: let the young ones in.")
    conceal(hall, made, Standing.HIDDEN, moderator)
    page = f"/p/{hall.process.public_id}/comments/{made.public_id}/versions"
    assert client.get(page).status_code == 404


def test_a_hidden_reply_is_not_counted_below_its_comment(hall, moderator):
    made = hall.say("Sara")
    reply = hall.reply(made)
    conceal(hall, reply, Standing.HIDDEN, moderator)
    assert hall.thread().reply_count == 0
    assert hall.read(lambda s: queries.true_tallies(s)) == {}
    assert hall.read(lambda s: s.get(type(made), made.id)).is_public


def test_a_hidden_translation_is_gone_and_the_original_stays(hall, client, moderator, told, drift):
    made = hall.say("Sara")
    facts = {"language": "fr", "shows_name": True}
    hall.change(made, operations.translate_comment, "Les métiers dorment le soir.", who="Reza", **facts)
    [translation] = hall.read(lambda s: queries.translations_of(s, made))
    now = hall.clock.now()
    contribution = hall.read(lambda s: moderating.load_translation(s, translation.ref))
    assert contribution.text == "Les métiers dorment le soir."
    hall.perform(
        lambda s: moderating.conceal_translation(s, translation.ref, Standing.HIDDEN, actor=moderator[1], now=now)
    )
    assert "métiers" not in client.get(hall.url).text
    assert REASON in client.get(hall.url).text
    assert told(translation.ref)[-1][1]["text"] is None
    assert drift() == []


def test_moderators_find_a_comment_by_its_ref_until_its_author_takes_it_back(hall):
    made = hall.say("Sara", stance=Stance.REMARK)
    found = hall.read(lambda s: moderating.load_comment(s, made.ref))
    assert (found.text, found.author_ids, found.process.id) == (REASON, (made.author_id,), hall.process.id)
    assert found.address == f"/p/{hall.process.public_id}/comments/{made.public_id}"
    hall.change(made, operations.withdraw_comment)
    assert hall.read(lambda s: moderating.load_comment(s, made.ref)) is None
    assert hall.read(lambda s: moderating.load_comment(s, "comment/nobody23")) is None


def test_a_moderator_hides_a_comment_with_its_earlier_words_and_translations_and_shows_it_again(
    hall, moderator, told, drift, app
):
    made = hall.say("Sara")
    hall.edit(made, "They stand still in the evening: let the young ones in.")
    hall.change(
        made, operations.translate_comment, "Elles dorment le soir.", who="Reza", language="fr", shows_name=True
    )
    [translation] = hall.read(lambda s: queries.translations_of(s, made))
    judging: dict[str, Any] = {"addresses": ADDRESSES, "actor": moderator[1], "now": hall.clock.now()}
    kinds = app.extensions["ucc.moderated"]
    why: dict[str, Any] = {"reason": Reason.INSULT, "words": WORDS}
    hall.perform(lambda s: moderation.hide_contribution(s, kinds, made.ref, **why, **judging))
    assert [payload.get("text") for kind, payload, _r in told(made.ref) if kind.startswith("comment.")] == [None] * 3
    assert [payload.get("text") for _kind, payload, _role in told(translation.ref)] == [None, None]
    assert drift() == []
    hall.perform(lambda s: moderation.restore_contribution(s, kinds, made.ref, **judging))
    [restored] = [payload for kind, payload, _role in told(made.ref) if kind == "comment.restored"]
    assert restored["text"].startswith("They stand still")
    assert told(translation.ref)[-1][1]["text"] == "Elles dorment le soir."
    assert drift() == []


def test_what_a_moderator_has_read_before_publication_stays_as_it_was_read(hall, moderator, perform):
    set_rules(perform, hall.process, now=hall.clock.now(), mode=Mode.BEFORE)
    made = hall.say("Sara")
    assert made.standing is Standing.HELD
    hall.edit(made, "They stand still in the evening: let the young ones in.")
    conceal(hall, made, Standing.SHOWN, moderator)
    with pytest.raises(Conflict):
        hall.edit(made, "Something that nobody has read beforehand.")


def test_the_city_is_not_screened(hall, perform):
    set_rules(perform, hall.process, now=hall.clock.now(), mode=Mode.BEFORE)
    leila = official(perform, now=hall.clock.now())
    assert hall.say(leila, "The council meets on Monday.", Stance.REMARK, voice=Voice.CITY).standing is Standing.SHOWN


def test_comments_and_translations_can_be_pointed_out_to_moderators(hall, client):
    made = hall.say("Sara")
    facts = {"language": "fr", "shows_name": True}
    hall.change(made, operations.translate_comment, "Elles dorment le soir.", who="Reza", **facts)
    [translation] = hall.read(lambda s: queries.translations_of(s, made))
    assert f"/report/{made.ref}" in client.get(hall.url).text
    for ref in (made.ref, translation.ref):
        with hall.app.test_request_context():
            address = url_for("moderation.flag", ref=ref)
        assert hall.browser("Nima").get(address).status_code == 200
