"""What becomes of an organisation's proposals when its entry is merged with another one."""

from __future__ import annotations

from dataclasses import replace

from tests.proposals.making import draft, person, proposing_process, reload, submit
from tests.stakeholders.making import ACTORS, drift_faults, make_delegate, make_organisation
from ucc_participate.kernel.identity import Role
from ucc_participate.representation.queries import organisation_stages
from ucc_participate.stakeholders import operations, queries


def test_drafts_move_and_what_was_sent_keeps_the_name_it_was_sent_under(app, perform, read, clock):
    process, now = proposing_process(perform, clock.now())
    gone, stays = (make_organisation(perform, name, now=now) for name in ("Guild of potters", "Potters’ guild"))
    account, actor = person(perform, "Sara", now=now)
    make_delegate(perform, gone, account, now=now)
    speaker = replace(actor, delegations=frozenset({gone.public_id}), roles=actor.roles | {Role.DELEGATE})
    sent = submit(perform, process, speaker, now=now, organisation=gone.public_id, shows_name=False)
    begun = draft(perform, process, speaker, now=now, organisation=gone.public_id)
    parts = app.extensions["ucc.merge_parts"]

    def merge(session):
        both = queries.organisations_to_merge(session, gone.public_id, stays.public_id)
        operations.merge_organisations(session, *both, reason="One guild", parts=parts, actor=ACTORS["clerk"], now=now)

    perform(merge)
    sent, begun = reload(read, sent), reload(read, begun)
    assert (sent.organisation_id, sent.author_name) == (gone.id, "Guild of potters")
    assert (begun.organisation_id, begun.author_name) == (stays.id, "Potters’ guild")
    stages = read(lambda s: organisation_stages(s, process))
    assert {stage.stage: stage.cells[-1].of for stage in stages}["proposing"] == 1
    assert drift_faults(app) == []
