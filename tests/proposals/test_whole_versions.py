"""A version is all that an author may change: own questions, place, needs and assets as well as the text."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from tests.accounts.making import make_account, sign_in
from tests.inventory.test_inventory import NEED, add
from tests.kernel.test_geography import CITY as CITY_MAP
from tests.proposals.making import PAGE, change, content, draft, official, proposing_process, reload, submit
from tests.proposals.test_pages_together import typed
from tests.proposals.test_particulars import do, question
from tests.stakeholders.making import CITY, acting
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Invalid
from ucc_participate.proposals import operations, queries
from ucc_participate.proposals.models import MICRO, AmendedField, FieldKind, Particulars, ProposalVersion
from ucc_participate.proposals.versioning import Overtaken

OLD, NEW = "The guild lends the looms.", "The school lends the looms."


@pytest.fixture
def process(perform, now, clock):
    made, clock.at = proposing_process(perform, now)
    return made


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def account(perform, now):
    return make_account(perform, "sara@city.example", now=now, display_name="Sara")


@pytest.fixture
def sara(account):
    return acting(account)


@pytest.fixture
def asked(perform, process, leila, clock):
    """The code of a question of the process's own."""
    return do(perform, process, operations.add_field, question(), actor=leila, now=clock.now()).code


@pytest.fixture
def need(perform, process, leila, clock):
    return add(perform, process, NEED, actor=leila, now=clock.now()).public_id


def saying(asked: str, answer: str, **more: Any) -> Any:
    return content(particulars=Particulars(fields={asked: answer}, **more))


def rewrite(perform, proposal, said, *, actor, now, based_on=None):
    facts = {"address": PAGE, "based_on": based_on}
    return change(perform, proposal, operations.change_text, said, actor=actor, now=now, **facts)


def sent_with(perform, process, sara, now, asked, **more):
    return submit(perform, process, sara, now=now, particulars=Particulars(fields={asked: OLD}, **more))


def test_two_who_change_only_an_answer_of_a_draft_meet(perform, read, process, sara, clock, asked):
    kept = draft(perform, process, sara, now=clock.now())
    save = operations.revise_draft
    change(perform, kept, save, saying(asked, OLD), actor=sara, now=clock.now(), based_on=1)
    with pytest.raises(Overtaken):
        change(perform, kept, save, saying(asked, NEW), actor=sara, now=clock.now(), based_on=1)
    assert reload(read, kept).fields == {asked: OLD}
    change(perform, kept, save, saying(asked, OLD), actor=sara, now=clock.now(), based_on=1)
    assert reload(read, kept).text_version == 2


@pytest.mark.parametrize(
    "beside",
    [{"latitude": 36 * MICRO, "longitude": 52 * MICRO}, {"needs": True}],
)
def test_two_who_change_only_a_point_or_a_need_of_what_was_sent_meet(
    perform, read, process, sara, clock, asked, need, beside
):
    facts = {"needs": (need,)} if "needs" in beside else beside
    sent = sent_with(perform, process, sara, clock.now(), asked)
    assert rewrite(perform, sent, saying(asked, OLD, **facts), actor=sara, now=clock.now(), based_on=1)
    with pytest.raises(Overtaken):
        rewrite(perform, sent, saying(asked, OLD), actor=sara, now=clock.now(), based_on=1)


def test_a_new_answer_is_a_version_and_both_stay(perform, read, entries, drift, process, sara, clock, asked, need):
    sent = sent_with(perform, process, sara, clock.now(), asked)
    said = saying(asked, NEW, needs=(need,), latitude=36 * MICRO, longitude=52 * MICRO)
    assert rewrite(perform, sent, said, actor=sara, now=clock.now())
    after = reload(read, sent)
    assert (after.fields, after.needs, after.latitude) == ({asked: NEW}, [need], 36 * MICRO)
    kept = {one.number: one.content for one in read(lambda s: queries.list_versions(s, after))}
    assert (kept[1]["fields"], kept[1]["needs"]) == ({asked: OLD}, None)
    assert (kept[2]["fields"], kept[2]["needs"], kept[2]["longitude"]) == ({asked: NEW}, [need], 52 * MICRO)
    told = entries(sent.ref)[-1]
    assert told.values["type"] == "proposal.version_published"
    assert (told.payload["fields"], told.payload["needs"]) == ({asked: NEW}, [f"inventory/{need}"])
    assert read(lambda s: queries.counts_by_tag(s, process, [f"need:{need}"])) == {f"need:{need}": 1}
    assert drift() == []


def test_changing_the_words_alone_keeps_what_stands_beside_them(perform, read, process, sara, clock, asked, need):
    sent = sent_with(perform, process, sara, clock.now(), asked, needs=(need,))
    same = Particulars(fields={asked: OLD}, needs=(need,))
    rewrite(perform, sent, content(summary="Four evenings.", particulars=same), actor=sara, now=clock.now())
    after = reload(read, sent)
    assert (after.summary, after.fields, after.needs) == ("Four evenings.", {asked: OLD}, [need])


def test_a_new_version_does_not_leave_out_what_the_city_requires(perform, read, process, leila, sara, clock):
    must = do(perform, process, operations.add_field, question(is_required=True), actor=leila, now=clock.now()).code
    sent = submit(perform, process, sara, now=clock.now(), particulars=Particulars(fields={must: OLD}))
    with pytest.raises(Invalid) as refused:
        rewrite(perform, sent, content(summary="Four evenings."), actor=sara, now=clock.now())
    assert refused.value.field == f"own_{must}"
    assert reload(read, sent).text_version == 1


def test_an_accepted_amendment_leaves_answers_and_places_alone(perform, read, process, sara, now, clock, asked, need):
    sent = sent_with(perform, process, sara, clock.now(), asked, needs=(need,))
    reza = acting(make_account(perform, "reza@city.example", now=now, display_name="Reza"))
    facts = {"field": AmendedField.SUMMARY, "text": "Four evenings.", "reason": "Four were asked for."}
    change(perform, sent, operations.propose_amendment, actor=reza, now=clock.now(), **facts)
    change(perform, sent, operations.accept_amendment, 1, actor=sara, now=clock.now(), address=PAGE)
    after = reload(read, sent)
    assert (after.summary, after.fields, after.needs) == ("Four evenings.", {asked: OLD}, [need])


def test_the_pages_show_both_answers_and_the_form_goes_on_from_the_newest(
    app, client, perform, read, process, account, sara, leila, clock, asked, need
):
    perform(lambda s: operations.add_district_map(s, CITY_MAP, "Survey", actor=CITY, now=clock.now()))
    hers = sign_in(app, account, now=clock.now())
    sent = sent_with(perform, process, sara, clock.now(), asked)
    page = f"/p/{process.public_id}/proposals/{sent.public_id}"
    form = hers.get(f"{page}/text").text
    assert OLD in form
    assert 'name="files"' not in form
    beside = {f"own_{asked}": NEW, "needs": [need], "latitude": "0.5", "longitude": "0.5"}
    said = typed(send="1", based_on="1", author=None, title=sent.title, summary=sent.summary, body=sent.body)
    assert hers.post(f"{page}/text", data=said | beside).status_code == 303
    after = reload(read, sent)
    assert (after.fields, after.needs, after.latitude) == ({asked: NEW}, [need], MICRO // 2)
    versions = client.get(f"{page}/versions").text
    assert OLD in versions
    assert NEW in versions
    assert NEED.title in versions
    assert "0.5, 0.5" in versions
    late = hers.post(f"{page}/text", data=said | beside | {f"own_{asked}": "Nobody lends them."})
    assert late.status_code == 409
    assert "Nobody lends them." in late.text
    assert NEW in late.text
    assert f'<textarea name="own_{asked}" hidden>' in late.text
    assert reload(read, sent).fields == {asked: NEW}


def test_versions_from_before_particulars_were_kept_can_still_be_read(
    app, client, perform, read, process, sara, clock, asked
):
    sent = sent_with(perform, process, sara, clock.now(), asked)
    rewrite(perform, sent, saying(asked, NEW), actor=sara, now=clock.now())

    first = read(lambda s: queries.list_versions(s, sent))[-1]
    kept = {name: value for name, value in first.content.items() if name not in Particulars.__dataclass_fields__}
    with app.app_context(), db.engine.begin() as connection:
        here = update(ProposalVersion).where(ProposalVersion.id == first.id)
        connection.execute(here.values(content=kept))
    page = client.get(f"/p/{process.public_id}/proposals/{sent.public_id}/versions")
    assert page.status_code == 200
    assert NEW in page.text


def test_choices_are_named_where_two_texts_stand_side_by_side(app, perform, process, account, leila, clock):
    code = do(perform, process, operations.add_field, question(FieldKind.CHOICE), actor=leila, now=clock.now()).code
    hers = sign_in(app, account, now=clock.now())
    page = hers.post(f"/p/{process.public_id}/proposals/new", data=typed(save="1")).location
    hers.post(page, data=typed(save="1", based_on="1", **{f"own_{code}": "c1"}))
    both = hers.post(page, data=typed(save="1", based_on="1", **{f"own_{code}": "c2"}))
    assert both.status_code == 409
    assert "By bus" in both.text
    assert "On foot" in both.text
