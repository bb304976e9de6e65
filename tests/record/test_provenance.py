"""prov.json says in W3C PROV-JSON what came from whom, and nothing that hangs in the air."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest

from tests.record import package
from tests.record.package import PROCESS, City, sample
from ucc_participate.record import provenance, verify

SUMMARY: dict[str, Any] = {
    "process": PROCESS,
    "url": "https://roshanshahr.example/record/p1",
    "size": 307,
    "root": "AAAA",
    "checkpoint_time": "2026-05-02T00:00:00Z",
    "tables": {name: {} for name in verify.TABLES},
}
# PROV-DM: each relation, and what stands at its ends.
RELATIONS = {
    "wasGeneratedBy": {"prov:entity": "entity", "prov:activity": "activity"},
    "used": {"prov:activity": "activity", "prov:entity": "entity"},
    "wasDerivedFrom": {"prov:generatedEntity": "entity", "prov:usedEntity": "entity"},
    "wasAttributedTo": {"prov:entity": "entity", "prov:agent": "agent"},
    "wasAssociatedWith": {"prov:activity": "activity", "prov:agent": "agent"},
    "actedOnBehalfOf": {"prov:delegate": "agent", "prov:responsible": "agent"},
}
TIMES = ("prov:startTime", "prov:endTime", "prov:time")
NAME = re.compile(r"ucc:[A-Za-z0-9_][A-Za-z0-9_./-]*")


def story_of(city: City) -> verify.Story:
    story = verify.Story()
    for index, draft in enumerate(city.drafts):
        if draft.process and draft.payload:
            story.tell(index, draft.kind, draft.subject, draft.time, draft.payload)
    return story


def written(story: verify.Story) -> dict[str, Any]:
    """The document; a member that is named twice is refused."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({name for name, _ in pairs}) == len(pairs)
        return dict(pairs)

    document: dict[str, Any] = json.loads(b"".join(provenance.chunks(SUMMARY, story)), object_pairs_hook=unique)
    return document


def values(attribute: Any) -> list[Any]:
    return attribute if isinstance(attribute, list) else [attribute]


def assert_prov_json(document: dict[str, Any]) -> None:
    """The shape of PROV-JSON (W3C member submission of 24 April 2013, §2 and §3)."""
    assert set(document) <= {"prefix", "entity", "agent", "activity", *RELATIONS}
    declared = {kind: document[kind] for kind in ("entity", "agent", "activity")}
    for kind, things in declared.items():
        assert all(NAME.fullmatch(name) for name in things), kind
    for kind, ends in RELATIONS.items():
        for name, relation in document[kind].items():
            assert name.startswith("_:")
            assert set(relation) <= {*ends, "prov:time"}
            for end, of in ends.items():
                assert relation[end] in declared[of], (kind, relation)
    for things in declared.values():
        for attributes in things.values():
            assert_attributes(attributes)


def assert_attributes(attributes: dict[str, Any]) -> None:
    for name, attribute in attributes.items():
        assert name.startswith(("prov:", "ucc:"))
        for value in values(attribute):
            if isinstance(value, dict):
                assert set(value) in ({"$", "type"}, {"$", "lang"})
            else:
                assert isinstance(value, (str, int))
            if name in TIMES:
                assert datetime.fromisoformat(value).tzinfo


def test_it_tells_of_process_votes_proposals_answers_and_export():
    document = written(story_of(sample()))
    assert_prov_json(document)
    assert document["prefix"] == {"ucc": "https://roshanshahr.example/record/p1#"}
    activities, entities = document["activity"], document["entity"]
    assert set(activities) == {"ucc:process/p1", "ucc:vote/v1", "ucc:vote/v2", "ucc:export"}
    assert activities["ucc:vote/v1"]["prov:endTime"] == "2026-04-30T00:00:00Z"
    assert {"ucc:proposal/x1", "ucc:proposal/x1/answer", "ucc:votes/v1.result.json", "ucc:tables/votes.csv"} <= set(
        entities
    )
    assert entities["ucc:proposal/x1/answer"]["ucc:outcome"] == "adopted"
    used = [relation["prov:entity"] for relation in document["used"].values()]
    assert used.count("ucc:proposal/x2") == 2


def test_titles_carry_their_languages():
    title = written(story_of(sample()))["activity"]["ucc:process/p1"]["prov:label"]
    assert title == [{"$": "City of Music", "lang": "en"}, {"$": "شهر موسیقی", "lang": "fa"}]


def test_a_resident_is_never_named_and_an_organisation_is():
    city = sample()
    for kind in ("proposal.submitted", "proposal.answered"):
        city.draft(kind).payload["organisation"] = "organisation/o1"
    document = written(story_of(city))
    assert_prov_json(document)
    assert "Somebody" not in json.dumps(document)
    agents = {r["prov:entity"]: r["prov:agent"] for r in document["wasAttributedTo"].values()}
    assert agents["ucc:proposal/x1"] == "ucc:organisation/o1"
    assert agents["ucc:proposal/x2"] == "ucc:residents"
    assert document["agent"]["ucc:organisation/o1"]["prov:label"] == "@name 1"


@pytest.mark.parametrize("kept", [12, 280, 283])
def test_a_process_that_goes_on_is_told_as_far_as_it_is(kept):
    city = sample()
    del city.drafts[kept:]
    document = written(story_of(city))
    assert_prov_json(document)
    assert "prov:endTime" not in document["activity"]["ucc:process/p1"]
    assert "ucc:votes/v1.result.json" not in document["entity"]


def test_what_is_withheld_leaves_no_trace_but_the_entity():
    story = story_of(sample())
    story.proposals["proposal/x1"] = {"number": 1}
    document = written(story)
    assert_prov_json(document)
    assert document["entity"]["ucc:proposal/x1"] == {
        "prov:type": {"$": "ucc:Proposal", "type": "prov:QUALIFIED_NAME"},
        "ucc:number": 1,
    }


def test_comments_come_from_what_they_are_about_and_from_nobody_by_name():
    document = written(story_of(package.discussing(sample())))
    assert_prov_json(document)
    derived = {each["prov:generatedEntity"]: each["prov:usedEntity"] for each in document["wasDerivedFrom"].values()}
    speakers = {each["prov:entity"]: each["prov:agent"] for each in document["wasAttributedTo"].values()}
    assert derived["ucc:comment/c2"] == "ucc:comment/c1"
    assert (speakers["ucc:comment/c1"], speakers["ucc:comment/c2"]) == ("ucc:residents", "ucc:guests")
    assert "Sara" not in json.dumps(document)


def test_what_was_merged_is_derived_from_its_sources_and_belongs_to_all_their_authors():
    city = sample()
    edge = {"kind": "merge", "to": "proposal/x9"}
    for source, organisation in (("x7", "organisation/o1"), ("x8", None)):
        city.add("proposal.submitted", f"proposal/{source}", {"title": source, "organisation": organisation})
        city.add("lineage.recorded", f"lineage/{source}/x9", {**edge, "from": f"proposal/{source}"})
    city.add("proposal.formed", "proposal/x9", {"title": "Together", "organisation": None})
    document = written(story_of(city))
    assert_prov_json(document)
    derived = {(each["prov:generatedEntity"], each["prov:usedEntity"]) for each in document["wasDerivedFrom"].values()}
    assert {("ucc:proposal/x9", f"ucc:proposal/{source}") for source in ("x7", "x8")} <= derived
    agents = {
        each["prov:agent"] for each in document["wasAttributedTo"].values() if each["prov:entity"] == "ucc:proposal/x9"
    }
    assert agents == {"ucc:organisation/o1", provenance.RESIDENTS}
