"""data/prov.json: who and what the record came from, as W3C PROV in its JSON form (PROV-JSON, W3C member submission).

Process, votes and the export are activities; proposals, answers, results and tables are entities; city, organisations,
residents and guests (together, never one by one) are agents. Written statement by statement, in the order of the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from . import verify

Statement = tuple[str, dict[str, Any]]
CITY, RESIDENTS, GUESTS = "ucc:city", "ucc:residents", "ucc:guests"
EXPORTER, LOG, EXPORT = "ucc:exporter", "ucc:log", "ucc:export"


def chunks(summary: dict[str, Any], story: verify.Story) -> Iterator[bytes]:
    """The file, a line a statement."""
    history = History(summary, story)
    yield _line('{\n"prefix": ', {"ucc": f"{summary['url']}#"})
    for kind, statements in history.sections():
        yield f',\n"{kind}": {{'.encode()
        for number, (name, attributes) in enumerate(statements):
            yield _line(f"{',' if number else ''}\n {json.dumps(name)}: ", attributes)
        yield b"\n}"
    yield b"\n}\n"


def _line(head: str, value: dict[str, Any]) -> bytes:
    return (head + json.dumps(value, ensure_ascii=False, sort_keys=True)).encode("utf-8")


class History:
    """The statements that follow from the summary and the story of one process."""

    def __init__(self, summary: dict[str, Any], story: verify.Story) -> None:
        self._summary, self._story = summary, story
        self._process = f"ucc:{summary['process']}"
        self._tables = [f"ucc:tables/{name}.csv" for name in sorted(summary["tables"])]
        self._edges = [each for each in story.lineage.values() if {each["from"], each["to"]} <= story.proposals.keys()]
        self._merged: dict[str, list[str]] = {}
        for edge in self._edges:
            if edge["kind"] == "merge":
                self._merged.setdefault(edge["to"], []).append(edge["from"])

    def sections(self) -> Iterator[tuple[str, Iterable[Statement]]]:
        """Kind of statement → (identifier, attributes); no section is empty."""
        yield "entity", self._entities()
        yield "agent", self._agents()
        yield "activity", self._activities()
        relations: dict[str, Iterator[dict[str, Any]]] = {
            "wasGeneratedBy": self._generations(),
            "used": self._usages(),
            "wasDerivedFrom": self._derivations(),
            "wasAttributedTo": self._attributions(),
            "wasAssociatedWith": self._associations(),
        }
        for kind, statements in relations.items():
            yield kind, ((f"_:{kind}{number}", attributes) for number, attributes in enumerate(statements, 1))
        yield "actedOnBehalfOf", [("_:delegation", {"prov:delegate": EXPORTER, "prov:responsible": CITY})]

    def _entities(self) -> Iterator[Statement]:
        yield LOG, _typed("Log") | {"ucc:size": self._summary["size"], "ucc:root": self._summary["root"]}
        for ref, state in self._story.proposals.items():
            yield f"ucc:{ref}", _typed("Proposal") | _label(state.get("title")) | _given(state, "number")
            if state.get("outcome"):
                yield _answer(ref), _typed("Answer") | _given(state, "outcome")
        for ref, state in self._story.comments.items():
            yield f"ucc:{ref}", _typed("Comment") | _given(state, "stance") | _given(state, "voice")
        for vote in self._votes(counted=True):
            yield _result(vote), _typed("Result")
        for name in self._tables:
            yield name, _typed("Table")

    def _agents(self) -> Iterator[Statement]:
        process = self._story.process
        yield CITY, _prov_type("prov:Organization") | _label(process.get("decision_maker"))
        yield RESIDENTS, _typed("Residents")
        if any(state.get("voice") == "guest" for state in self._story.comments.values()):
            yield GUESTS, _typed("Guests")
        yield EXPORTER, _prov_type("prov:SoftwareAgent") | _label("ucc_participate")
        names = {row.get("organisation"): row.get("name") for row in self._story.stakeholders.values()}
        written = [*self._story.proposals.values(), *self._story.comments.values()]
        authors = {state["organisation"]: None for state in written if state.get("organisation")}
        for organisation, name in (authors | names).items():
            if organisation:
                yield f"ucc:{organisation}", _prov_type("prov:Organization") | _label(name)

    def _activities(self) -> Iterator[Statement]:
        process = self._story.process
        times = _times(process.get("opened_at"), process.get("closed_at"))
        yield self._process, _typed("Process") | _label(process.get("title")) | times
        for vote in self._votes():
            state = vote.state
            ended = state.get("closes_at") if state.get("status") == "closed" else None
            yield f"ucc:{vote.ref}", _typed("Vote") | _label(state.get("title")) | _times(state.get("opens_at"), ended)
        yield EXPORT, _typed("Export") | _times(None, self._summary["checkpoint_time"])

    def _generations(self) -> Iterator[dict[str, Any]]:
        for ref, state in self._story.proposals.items():
            yield _generated(f"ucc:{ref}", self._process, state.get("submitted_at"))
            if state.get("outcome"):
                yield _generated(_answer(ref), self._process, state.get("answered_at"))
        for ref, state in self._story.comments.items():
            yield _generated(f"ucc:{ref}", self._process, state.get("written_at"))
        for vote in self._votes(counted=True):
            yield _generated(_result(vote), f"ucc:{vote.ref}", None)
        for name in self._tables:
            yield _generated(name, EXPORT, self._summary["checkpoint_time"])

    def _usages(self) -> Iterator[dict[str, Any]]:
        yield {"prov:activity": EXPORT, "prov:entity": LOG}
        for vote in self._votes():
            for option in vote.state.get("options") or []:
                if option.get("proposal") in self._story.proposals:
                    yield {"prov:activity": f"ucc:{vote.ref}", "prov:entity": f"ucc:{option['proposal']}"}

    def _derivations(self) -> Iterator[dict[str, Any]]:
        for ref, state in self._story.proposals.items():
            if state.get("outcome"):
                yield {"prov:generatedEntity": _answer(ref), "prov:usedEntity": f"ucc:{ref}"}
        for ref, state in self._story.comments.items():
            source = state.get("in_reply_to") or state.get("about")
            if source in self._story.comments or source in self._story.proposals:
                yield {"prov:generatedEntity": f"ucc:{ref}", "prov:usedEntity": f"ucc:{source}"}
        for edge in self._edges:
            yield {"prov:generatedEntity": f"ucc:{edge['to']}", "prov:usedEntity": f"ucc:{edge['from']}"}
        for name in self._tables:
            yield {"prov:generatedEntity": name, "prov:usedEntity": LOG}

    def _attributions(self) -> Iterator[dict[str, Any]]:
        yield {"prov:entity": LOG, "prov:agent": CITY}
        for ref, state in self._story.proposals.items():
            for agent in self._authors(ref):
                yield {"prov:entity": f"ucc:{ref}", "prov:agent": agent}
            if state.get("outcome"):
                yield {"prov:entity": _answer(ref), "prov:agent": CITY}
        for ref, state in self._story.comments.items():
            yield {"prov:entity": f"ucc:{ref}", "prov:agent": _speaker(state)}

    def _authors(self, ref: str) -> list[str]:
        """Whose a proposal is; what was merged is everybody's who had a part in it, however far back."""
        if ref in self._merged:
            return sorted({agent for source in self._merged[ref] for agent in self._authors(source)})
        organisation = self._story.proposals[ref].get("organisation")
        return [f"ucc:{organisation}" if organisation else RESIDENTS]

    def _associations(self) -> Iterator[dict[str, Any]]:
        for activity in (self._process, *(f"ucc:{vote.ref}" for vote in self._votes())):
            yield {"prov:activity": activity, "prov:agent": CITY}
        yield {"prov:activity": EXPORT, "prov:agent": EXPORTER}

    def _votes(self, *, counted: bool = False) -> list[verify.Vote]:
        return [vote for vote in self._story.votes.values() if vote.state and (vote.result or not counted)]


def _speaker(state: verify.Fields) -> str:
    """Whose words a comment is: an organisation's, the city's, or those of residents or guests, never one by one."""
    if state.get("organisation"):
        return f"ucc:{state['organisation']}"
    return {"city": CITY, "guest": GUESTS}.get(str(state.get("voice")), RESIDENTS)


def _answer(proposal: str) -> str:
    return f"ucc:{proposal}/answer"


def _result(vote: verify.Vote) -> str:
    return f"ucc:votes/{vote.id}.result.json"


def _typed(name: str) -> dict[str, Any]:
    return _prov_type(f"ucc:{name}")


def _prov_type(name: str) -> dict[str, Any]:
    return {"prov:type": {"$": name, "type": "prov:QUALIFIED_NAME"}}


def _label(text: Any) -> dict[str, Any]:
    """A text, or one text for each language in which there is one; nothing for what is withheld."""
    if isinstance(text, dict):
        spoken = [{"$": words, "lang": language} for language, words in sorted(text.items())]
        return {"prov:label": spoken} if spoken else {}
    return {"prov:label": text} if text else {}


def _given(state: verify.Fields, name: str) -> dict[str, Any]:
    return {} if state.get(name) is None else {f"ucc:{name}": state[name]}


def _times(start: str | None, end: str | None) -> dict[str, Any]:
    return {name: time for name, time in (("prov:startTime", start), ("prov:endTime", end)) if time}


def _generated(entity: str, activity: str, time: str | None) -> dict[str, Any]:
    return {"prov:entity": entity, "prov:activity": activity} | ({"prov:time": time} if time else {})
