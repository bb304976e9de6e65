"""What is done in discussions: the state that follows, and the entry that tells of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.deliberation.making import ADDRESSES, REASON
from tests.proposals.making import change, official
from tests.stakeholders.making import make_delegate, make_organisation
from ucc_participate.accounts.operations import erase_account
from ucc_participate.deliberation import operations, queries
from ucc_participate.deliberation.models import (
    Comment,
    CommentDraft,
    CommentState,
    CommentTally,
    CommentTranslation,
    HelpfulMark,
    Stance,
    Voice,
)
from ucc_participate.deliberation.operations.keeping import recount_discussions
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import system_actor
from ucc_participate.moderation.models import Standing
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.processes.models import Participation
from ucc_participate.proposals.operations import withdraw_proposal
from ucc_participate.vocabularies.uccn import Sector


def mails(read, to=None):
    query = select(OutboxMessage).order_by(OutboxMessage.id)
    return [mail for mail in read(lambda s: s.scalars(query).all()) if to is None or mail.to == to]


def test_a_comment_stands_in_its_thread_and_in_the_log_with_the_name_apart(hall, told, drift):
    made = hall.say("Sara", stance=Stance.AGAINST)
    [(kind, payload, role)] = told(made.ref)
    assert (kind, role) == ("comment.posted", "resident")
    assert payload["text"] == REASON
    assert payload["author"] == "Sara"
    assert payload["about"] == hall.proposal.ref
    assert (hall.thread().against_count, hall.thread().comment_count) == (1, 1)
    assert drift() == []


def test_whoever_wants_no_name_has_none_in_the_log(hall, told):
    made = hall.say("Sara", shows_name=False)
    assert told(made.ref)[0][1]["author"] is None


def test_the_first_comment_makes_a_participant_once(hall, read):
    hall.say("Sara")
    hall.say("Sara", "Another reason, quite another one, for the same thing.")
    number = read(
        lambda s: s.scalar(select(func.count()).where(Participation.account_id == hall.person("Sara").account_id))
    )
    assert number == 1


def test_taking_a_side_asks_for_a_reason(hall):
    with pytest.raises(Invalid) as refusal:
        hall.say(text="Yes!")
    assert refusal.value.field == "text"
    assert hall.say(text="Why?", stance=Stance.QUESTION).text == "Why?"


def test_a_second_press_of_the_button_says_nothing_twice(hall, told):
    key = "k" * 22
    first, second = hall.say(key=key), hall.say(key=key)
    assert first.id == second.id
    assert hall.thread().comment_count == 1
    assert len(told(first.ref)) == 1


def test_a_comment_is_taken_until_the_last_second_of_the_phase_and_not_in_the_next(hall):
    end = next(phase.ends_at for phase in hall.process.phases if phase.kind == "discuss")
    hall.clock.at = end.replace(microsecond=0)
    hall.clock.advance(seconds=-1)
    hall.say("Sara")
    hall.clock.advance(seconds=1)
    with pytest.raises(Conflict):
        hall.say("Reza")
    assert hall.thread().comment_count == 1


def test_a_withdrawn_proposal_takes_no_more_comments(hall):
    hall.say()
    change(hall.perform, hall.proposal, withdraw_proposal, actor=hall.author, now=hall.clock.now())
    with pytest.raises(Conflict):
        hall.say("Reza")


def test_a_delegate_speaks_for_the_organisation_with_its_sector(hall, told, perform):
    weavers = make_organisation(perform, "Weavers of the bazaar", Sector.PRIVATE, now=hall.clock.now())
    hall.person("Nader")
    account, actor = hall.people["Nader"]
    make_delegate(perform, weavers, account, now=hall.clock.now())
    speaking = replace(actor, delegations=frozenset({weavers.public_id}))
    made = hall.say(speaking, voice=Voice.ORGANISATION, organisation=weavers.public_id)
    _kind, payload, role = told(made.ref)[0]
    assert (payload["author"], payload["sector"], role) == ("Weavers of the bazaar", "private", "delegate")
    with pytest.raises(Forbidden):
        hall.say("Sara", voice=Voice.ORGANISATION, organisation=weavers.public_id)
    reached = hall.read(lambda s: s.scalars(queries.organisations_commenting(hall.process)).all())
    assert reached == [weavers.id]


def test_an_official_answers_as_the_city_and_is_no_participant(hall, told, perform, read):
    leila = official(perform, now=hall.clock.now())
    question = hall.say("Sara", "Who pays for it?", Stance.QUESTION)
    made = hall.reply(question, leila, "The budget of culture does.", voice=Voice.CITY)
    _kind, payload, role = told(made.ref)[0]
    assert (payload["voice"], payload["author"], role) == ("city", "Leila Moradi, Head of culture", "coordinator")
    assert read(lambda s: s.get(Participation, (hall.process.id, leila.account_id))) is None
    with pytest.raises(Forbidden):
        hall.say("Sara", voice=Voice.CITY)


def test_an_official_without_a_function_cannot_speak_for_the_city(hall, perform):
    nobody = official(perform, now=hall.clock.now(), function=None)
    with pytest.raises(Conflict):
        hall.say(nobody, voice=Voice.CITY)


def test_a_reply_to_a_reply_stands_below_the_same_comment(hall):
    first = hall.say("Sara")
    reply = hall.reply(first, "Reza")
    deeper = hall.reply(reply, "Sara", "The guild keeps them.", quote="keep the keys", quoted_edition=1)
    found = hall.again(deeper)
    assert found.parent_id == first.id
    assert (found.quote, found.quoted) == ("keep the keys", reply.ref)
    assert hall.read(lambda s: s.get(CommentTally, first.id)).replies == 2
    assert hall.thread().reply_count == 2


def test_a_quote_must_stand_in_the_edition_that_it_names(hall):
    first = hall.say("Sara", "The looms stand still after five o’clock.")
    hall.edit(first, "The looms stand still after six o’clock.")
    assert hall.reply(first, quote="after  five\no’clock", quoted_edition=1).quoted_edition == 1
    for quote, edition in (("after five", 2), ("after seven", 1), ("after five", 9)):
        with pytest.raises(Invalid) as refusal:
            hall.reply(first, "Reza", "Really, at that hour of the day?", quote=quote, quoted_edition=edition)
        assert refusal.value.field == "quote"


def test_words_can_be_changed_for_a_quarter_of_an_hour_and_the_earlier_ones_stay(hall, told, drift):
    made = hall.say("Sara")
    hall.clock.advance(minutes=14)
    hall.reply(made)
    hall.edit(made, "They stand still in the evening: let the young ones in.")
    [earlier] = hall.read(lambda s: queries.editions_of(s, made))
    assert (earlier.text, earlier.was_answered) == (REASON, True)
    assert [kind for kind, _payload, _role in told(made.ref)] == ["comment.posted", "comment.revised"]
    assert told(made.ref)[1][1]["edition"] == 2
    hall.clock.advance(minutes=1)
    with pytest.raises(Conflict):
        hall.edit(made, "They stand still at night, in fact.")
    assert drift() == []


def test_nobody_changes_the_words_of_another_or_slips_a_link_in_afterwards(hall):
    made = hall.say("Sara")
    with pytest.raises(Forbidden):
        hall.edit(made, "I never said so, and never will.", who="Reza")
    with pytest.raises(Invalid):
        hall.edit(made, REASON + " https://shop.example/looms")
    assert hall.again(made).text == REASON


def test_a_withdrawn_comment_leaves_a_stub_with_its_replies(hall, told, drift):
    made = hall.say("Sara")
    hall.reply(made)
    hall.change(made, operations.withdraw_comment)
    kind, payload, _role = told(made.ref)[-1]
    assert (kind, payload["text"], payload["author"], payload["status"]) == (
        "comment.withdrawn",
        None,
        None,
        "withdrawn",
    )
    assert told(made.ref)[0][1]["text"] == REASON
    assert (hall.thread().for_count, hall.thread().reply_count) == (0, 1)
    assert hall.again(made).status is CommentState.WITHDRAWN
    assert drift() == []


def test_erased_words_leave_the_log_and_the_translations(hall, told, drift):
    made = hall.say("Sara")
    hall.edit(made, "They stand still in the evening: let the young ones in.")
    facts = {"language": "fa", "shows_name": True}
    hall.change(made, operations.translate_comment, "شب‌ها کارگاه خالی است.", who="Reza", **facts)
    translation = hall.read(lambda s: queries.translations_of(s, made))[0]
    hall.change(made, operations.erase_comment)
    for _kind, payload, _role in told(made.ref):
        assert payload.get("text") is None
        assert payload.get("author") is None
    assert all(payload.get("text") is None for _kind, payload, _role in told(translation.ref))
    assert hall.again(made).text == ""
    assert hall.read(lambda s: queries.editions_of(s, made)) == []
    assert drift() == []


def test_a_mark_counts_once_for_each_person_and_leaves_no_entry(hall, told, app):
    made = hall.say("Sara")
    before = len(told(made.ref))
    for _press in range(2):
        hall.change(made, operations.mark_helpful, who="Reza")
    hall.change(made, operations.mark_helpful, who="Nima")
    assert hall.read(lambda s: s.get(CommentTally, made.id)).helpful == 2
    hall.change(made, operations.unmark_helpful, who="Nima")
    assert hall.read(lambda s: s.get(CommentTally, made.id)).helpful == 1
    with pytest.raises(Conflict):
        hall.change(made, operations.mark_helpful, who="Sara")
    assert len(told(made.ref)) == before


def test_a_translation_names_its_translator_and_only_that_person_changes_it(hall, told, drift):
    made = hall.say("Sara")
    facts = {"language": "fr", "shows_name": True}
    hall.change(made, operations.translate_comment, "Les métiers dorment le soir.", who="Reza", **facts)
    [translation] = hall.read(lambda s: queries.translations_of(s, made))
    kind, payload, _role = told(translation.ref)[0]
    assert (kind, payload["author"], payload["from_language"], payload["of"]) == (
        "translation.added",
        "Reza",
        "en",
        made.ref,
    )
    with pytest.raises(Conflict):
        hall.change(made, operations.translate_comment, "Autre chose, tout à fait.", who="Nima", **facts)
    hall.change(made, operations.translate_comment, "Les métiers sont arrêtés le soir.", who="Reza", **facts)
    assert [kind for kind, _p, _r in told(translation.ref)] == ["translation.added", "translation.revised"]
    with pytest.raises(Invalid):
        hall.change(made, operations.translate_comment, "The same.", who="Reza", language="en", shows_name=True)
    assert drift() == []


def test_an_author_is_told_of_comments_and_replies_and_not_of_every_one(hall, read):
    made = hall.say("Sara", addresses=ADDRESSES)
    hall.say("Reza", "It costs nothing but the light, and that is little.", addresses=ADDRESSES)
    assert [mail.template for mail in mails(read, "mina@city.example")] == ["comment_posted"]
    hall.reply(made, addresses=ADDRESSES)
    hall.reply(made, text="And who cleans up afterwards?", addresses=ADDRESSES)
    hall.reply(made, "Sara", "We do, of course.", addresses=ADDRESSES)
    assert [mail.template for mail in mails(read, "sara@city.example")] == ["comment_answered"]
    hall.clock.advance(hours=7)
    hall.say("Nima", "Evenings are the only time that pupils have.", addresses=ADDRESSES)
    assert len(mails(read, "mina@city.example")) == 2


def test_a_draft_is_kept_for_its_author_and_goes_when_it_is_said(hall, read):
    sara, now = hall.person("Sara"), hall.clock.now()
    hall.perform(
        lambda s: operations.keep_draft(s, hall.proposal.ref, "Half a", stance=Stance.FOR, actor=sara, now=now)
    )
    hall.perform(lambda s: operations.keep_draft(s, hall.proposal.ref, REASON, stance=None, actor=sara, now=now))
    [draft] = read(lambda s: s.scalars(select(CommentDraft)).all())
    assert draft.text == REASON
    hall.say("Sara")
    assert read(lambda s: s.scalars(select(CommentDraft)).all()) == []


def test_an_erased_author_leaves_the_words_without_the_name(hall, told, drift, read):
    made = hall.say("Sara")
    other = hall.say("Reza", "It costs nothing but the light, and that is little.")
    hall.change(other, operations.mark_helpful, who="Sara")
    hall.change(other, operations.translate_comment, "Cela ne coûte rien.", language="fr", shows_name=True)
    account, sara = hall.people["Sara"]
    erasers = hall.app.extensions["ucc.erasers"]
    hall.perform(
        lambda s: erase_account(s, s.get(type(account), account.id), erasers=erasers, actor=sara, now=hall.clock.now())
    )
    _kind, payload, _role = told(made.ref)[0]
    assert "author" not in payload
    assert payload["text"] == REASON
    assert hall.again(made).author_name is None
    assert read(lambda s: s.scalars(select(HelpfulMark)).all()) == []
    assert read(lambda s: s.get(CommentTally, other.id)).helpful == 0
    assert read(lambda s: s.scalars(select(CommentTranslation)).one()).translator_name is None
    assert drift() == []


def test_a_recount_finds_what_was_miscounted(hall, perform):
    made = hall.say("Sara")
    hall.reply(made)

    def spoil(session):
        session.get(CommentTally, made.id).replies = 7
        session.get(type(hall.thread()), hall.thread().id).for_count = 40

    perform(spoil)
    wrong = perform(lambda s: recount_discussions(s, actor=system_actor("recount"), now=hall.clock.now()))
    assert wrong == 2
    assert hall.thread().for_count == 1
    assert hall.read(lambda s: s.get(CommentTally, made.id)).replies == 1


def test_pasted_scripts_are_harmless_words(hall):
    made = hall.say(text="<script>alert(1)</script> and <style>p{}</style> the reason")
    page = hall.browser("Reza").get(hall.url).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert hall.again(made).standing is Standing.SHOWN
    assert isinstance(made, Comment)
