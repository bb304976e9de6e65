"""What everybody reads of a counted vote: why, step by step, in other ways, by groups, to print; trial counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext

from ...audit import canonical
from ...kernel import clock
from ...kernel.db import db
from ...kernel.errors import NotFound
from ...kernel.i18n import lazy_number
from ...kernel.qr import qr_svg
from ...kernel.web import current_actor, public
from ...processes.models import Process
from .. import picture, queries, telling, trial, wording
from ..explaining import reasons
from ..models import Vote
from ..result import sha256_of
from .blueprint import bp, load

VOTE = "/p/<process_id>/votes/<public_id>"


@dataclass(frozen=True)
class Counted:
    """A counted vote as its pages show it: the result, and the analysis once there is one. Made by ``counted`` only,
    which asks the gate."""

    process: Process
    vote: Vote
    result: Mapping[str, Any]
    analysis: Mapping[str, Any] | None

    @property
    def here(self) -> dict[str, str]:
        return {"process_id": self.process.public_id, "public_id": self.vote.public_id}

    @property
    def method(self) -> str:
        return str(self.vote.rules["method"])

    @cached_property
    def lines(self) -> dict[str, dict[str, Any]]:
        """The line of each option, by its id."""
        return {line["id"]: line for line in self.result["counts"]}

    @cached_property
    def ranked(self) -> list[dict[str, Any]]:
        return sorted(self.result["counts"], key=lambda line: line["rank"])

    @property
    def details(self) -> Mapping[str, Any]:
        return self.result.get("details") or {}

    def found(self, part: str) -> dict[str, dict[str, Any]]:
        """A part of the explanation by option."""
        return {each["option"]: each for each in (self.analysis or {}).get(part, ())}

    def title(self, code: str) -> str:
        return str(self.lines[code]["title"])

    def url(self, code: str) -> str:
        return url_for("voting.option", code=code, process_id=self.process.public_id, public_id=self.vote.public_id)

    def about(self, minor: int) -> Any:
        """An amount that was computed and not set: three digits are enough where it has more than six."""
        spare = 10 ** max(0, len(str(minor)) - 3)
        return self.money(minor if minor < 1_000_000 else round(minor / spare) * spare)

    def money(self, minor: int | None) -> Any:
        return wording.money_of(self.vote, minor)


def counted(process_id: str, public_id: str) -> Counted:
    """The vote with its result and analysis. Raises Conflict while the result is sealed."""
    process, vote = load(process_id, public_id)
    return counted_of(process, vote)


def counted_of(process: Process, vote: Vote) -> Counted:
    actor, now = current_actor(), clock.now()
    result = queries.result_of(vote, actor=actor, now=now)
    return Counted(process, vote, result, queries.analysis_of(db.session(), vote, actor=actor, now=now))


def _show(template: str, found: Counted, **more: Any) -> str:
    facts = {"process": found.process, "vote": found.vote, "found": found, "here": found.here}
    return render_template(template, **facts, telling=telling, wording=wording, **more)


@bp.get(f"{VOTE}/options/<path:code>")
@public
def option(process_id: str, public_id: str, code: str) -> str:
    """Why one option was chosen, or not."""
    found = counted(process_id, public_id)
    if code not in found.lines:
        raise NotFound
    proposals = {each.code: each.proposal_ref for each in found.vote.options}
    ref = proposals.get(code)
    proposal = url_for("proposals.show", process_id=process_id, public_id=ref.partition("/")[2]) if ref else None
    lacking = found.found("lacking").get(code)
    return _show(
        "voting/option.html",
        found,
        line=found.lines[code],
        proposal=proposal,
        paid=found.found("payments").get(code),
        lacking=lacking,
        spent=_spent(found, lacking),
        is_leftover=code in (found.analysis or {}).get("leftover", ()),
        turn=found.found("turns").get(code),
        change=found.found("changes").get(code),
        reasons=reasons.reasons(found.vote.rules, found.result, code),
        stages=_stages_of(found, code),
        pairs=_pairs(found, code),
        grades=_grades(found, code),
        shares=_shares(found.found("payments").get(code)),
    )


@dataclass(frozen=True, slots=True)
class Flowing:
    """Arguments of macros/charts.html flow()."""

    picture: picture.Flow
    left: dict[int, str]
    right: dict[int, str]
    rows: list[tuple[str, str, Any]]


def _spent(found: Counted, lacking: Mapping[str, Any] | None) -> Flowing | None:
    """Where the money of a loser's supporters went: to these options, or nowhere."""
    if lacking is None or not lacking["spent"]:
        return None
    ends = [(found.title(each["option"]), each["money"]) for each in lacking["spent"]]
    if lacking["left"] > 0:
        ends.append((gettext("left in the end"), lacking["left"]))
    links = {(1, at): float(money) for at, (_, money) in enumerate(ends, start=2)}
    right = {at: title for at, (title, _) in enumerate(ends, start=2)}
    drawn, own = picture.flow(links, [1], list(right)), found.title(lacking["option"])
    rows = [(own, title, found.about(money)) for title, money in ends]
    return None if drawn is None else Flowing(drawn, {1: own}, right, rows)


def _shares(paid: Mapping[str, Any] | None) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Per dimension the parts of the money, for a bar of one hundred percent."""
    if paid is None:
        return []
    return [
        (
            telling.DIMENSIONS[name],
            [{"label": wording.GROUPS[f"{name}:{label}"], "value": share} for label, share in parts.items() if share],
        )
        for name, parts in paid["by_group"].items()
    ]


def _stages_of(found: Counted, code: str) -> list[dict[str, Any]]:
    """By STV: the votes of one option at each stage up to the one at which it was elected or excluded."""
    place = [line["id"] for line in found.result["counts"]].index(code)
    told = []
    for stage in found.details.get("stages", ()):
        is_elected, is_excluded = code in stage["elected"], code in stage["excluded"]
        votes = reasons.votes_in_words(found.vote.rules, stage["votes"][place])
        told.append({"votes": votes, "is_elected": is_elected, "is_excluded": is_excluded})
        if is_elected or is_excluded:
            break
    return told


def _pairs(found: Counted, code: str) -> list[dict[str, Any]]:
    """By rules of pairs: how many rank the option above each other one, and below it."""
    matrix = found.details.get("matrix")
    if not matrix:
        return []
    ids = [line["id"] for line in found.result["counts"]]
    mine = ids.index(code)
    return [
        {"id": other, "title": found.title(other), "above": matrix[mine][at], "below": matrix[at][mine]}
        for at, other in enumerate(ids)
        if at != mine
    ]


def _grades(found: Counted, code: str) -> dict[str, Any] | None:
    """By majority judgment: the ballots for each grade, and the one in the middle."""
    if "grades" not in found.details:
        return None
    place = [line["id"] for line in found.result["counts"]].index(code)
    least = int(found.vote.rules.get("min_points", 0))
    parts = [{"label": least + at, "value": number} for at, number in enumerate(found.details["grades"][place])]
    return {"parts": parts, "median": found.details["medians"][place]}


@bp.get(f"{VOTE}/rounds")
@public
def rounds(process_id: str, public_id: str) -> str:
    """The count step by step."""
    found = counted(process_id, public_id)
    return _show("voting/rounds.html", found, shares=_rounds_of_shares(found), stages=_stages(found))


def _rounds_of_shares(found: Counted) -> list[dict[str, Any]]:
    """Equal Shares round by round: what was bought, at which price, and what was left of the money after it."""
    payments, told = found.found("payments"), []
    budget = found.result["budget"]
    for each in found.details.get("rounds", ()):
        if "endowment" not in each:
            continue
        left, steps = budget, []
        for taken in each["taken"]:
            line = found.lines[taken["option"]]
            left = None if left is None else left - (line["cost"] or 0)
            steps.append({"line": line, "paid": payments.get(taken["option"]), "left": left, "is_added": False})
        for code in each.get("topped_up", ()):
            left = None if left is None else left - (found.lines[code]["cost"] or 0)
            steps.append({"line": found.lines[code], "paid": None, "left": left, "is_added": True})
        top, bottom = (int(part) for part in (*each["endowment"].split("/"), "1")[:2])
        told.append({"envelope": each["envelope"], "share": top // bottom, "raised": each["steps"], "steps": steps})
    return told


def _stages(found: Counted) -> list[dict[str, Any]]:
    """STV stage by stage, with where votes went from one to the next."""
    stages = found.details.get("stages", [])
    if not stages:
        return []
    unit = reasons.unit_of(found.vote.rules)
    titles = [*(line["title"] for line in found.result["counts"]), gettext("no further choice")]
    votes = [[*stage["votes"], stage["exhausted"]] for stage in stages]
    after: list[list[int] | None] = [*votes[1:], None]
    return [
        {**stage, "unit": unit, "flow": None if then is None else _transfers(now, then, titles, unit)}
        for stage, now, then in zip(stages, votes, after, strict=True)
    ]


def _transfers(before: list[int], after: list[int], titles: list[str], unit: int) -> Flowing | None:
    """From those that lost votes to those that won some; where several lost, each one's loss is shared as the gains.

    The last place is of votes that go to nobody any more.
    """
    moved = [b - a for a, b in zip(before, after, strict=True)]
    gains = sum(each for each in moved if each > 0)
    givers = [at for at, each in enumerate(moved) if each < 0]
    takers = [at for at, each in enumerate(moved) if each > 0]
    links = {(a + 1, b + 1): -moved[a] * moved[b] / gains for a in givers for b in takers}
    drawn = picture.flow(links, [a + 1 for a in givers], [b + 1 for b in takers])
    if drawn is None:
        return None
    rows = [(titles[a - 1], titles[b - 1], lazy_number(round(votes / unit, 2))) for (a, b), votes in links.items()]
    return Flowing(drawn, _words(givers, titles), _words(takers, titles), rows)


def _words(places: list[int], titles: list[str]) -> dict[int, str]:
    return {at + 1: titles[at] for at in places}


@bp.get(f"{VOTE}/comparison")
@public
def comparison(process_id: str, public_id: str) -> str:
    """The same ballots counted in other ways."""
    return _show("voting/comparison.html", counted(process_id, public_id))


@bp.get(f"{VOTE}/groups")
@public
def by_groups(process_id: str, public_id: str) -> str:
    """How groups voted, and what they got of it."""
    found = counted(process_id, public_id)
    beyond = [{**row, "name": _name(row["group"])} for row in (found.analysis or {}).get("beyond", ())]
    satisfied = [
        {**row, "name": _name(row["group"])}
        for row in (found.analysis or {}).get("satisfied", ())
        if row["group"] == "all" or row["voters"] != 0
    ]
    groups = [{**row, "name": _name(row["group"])} for row in found.result["groups"] if row["voters"] != 0]
    shown = [row for row in beyond if row["voters"] != 0]
    return _show("voting/groups.html", found, groups=groups, beyond=shown, satisfied=satisfied, worst=_worst(satisfied))


def _name(group: str) -> Any:
    dimension, _, label = group.partition(":")
    if dimension == "district":
        return telling.NOT_STATED if label == "not_stated" else label
    return telling.CHANNELS[label] if dimension == "channel" else wording.GROUPS[group]


def _worst(satisfied: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The published group of which the smallest share got something; not those who have stated nothing."""
    told = [
        row
        for row in satisfied
        if row["covered"] is not None and row["voters"] and not row["group"].endswith(("all", "not_stated"))
    ]
    return min(told, key=lambda row: row["covered"] / row["voters"], default=None)


@bp.get(f"{VOTE}/print")
@public
def on_one_page(process_id: str, public_id: str) -> str:
    """The result to print and to hand out."""
    found = counted(process_id, public_id)
    address = url_for("voting.show", process_id=process_id, public_id=public_id, _external=True)
    rule = wording.rule_in_words(found.vote)
    return _show("voting/handout.html", found, address=address, qr=qr_svg(address), rule=rule)


@bp.get(f"{VOTE}/trial")
@public
def trial_count(process_id: str, public_id: str) -> str:
    """How each rule behaves on invented ballots. Nobody's ballot is read."""
    process, vote = load(process_id, public_id)
    number = max(1, min(trial.MOST_SEEDS, request.args.get("seed", 1, type=int)))
    tried = trial.try_out(vote, number)
    return render_template(
        "voting/trial.html",
        process=process,
        vote=vote,
        here={"process_id": process_id, "public_id": public_id},
        tried=tried,
        number=number,
        following=number % trial.MOST_SEEDS + 1,
        telling=telling,
        wording=wording,
    )


@bp.get(f"{VOTE}/analysis.json")
@public
def analysis_json(process_id: str, public_id: str) -> Response:
    """All that was found in the ballots, as JSON, with the hash of the result it speaks of."""
    found = counted(process_id, public_id)
    if found.analysis is None:
        raise NotFound
    told = {"vote": found.vote.ref, "result_sha256": sha256_of(found.result), **found.analysis}
    return _download(canonical.dumps(told), "application/json", f"{public_id}.analysis.json")


@bp.get(f"{VOTE}/analysis.csv")
@public
def analysis_csv(process_id: str, public_id: str) -> Response:
    """One line an option: votes, cost, whether it was chosen, who paid, what it lacked, what would have been enough."""
    found = counted(process_id, public_id)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(_csv_lines(found))
    return _download(out.getvalue().encode("utf-8-sig"), "text/csv", f"{public_id}.analysis.csv")


CSV_COLUMNS = (
    "id",
    "title",
    "cost",
    "votes",
    "rank",
    "selected",
    "payers",
    "price",
    "left_behind",
    "supporters",
    "more_votes_needed",
    "lower_cost_needed",
)


def _csv_lines(found: Counted) -> Iterator[list[Any]]:
    yield list(CSV_COLUMNS)
    payments, lacking, changes = found.found("payments"), found.found("lacking"), found.found("changes")
    for line in found.ranked:
        code = line["id"]
        paid, lack, change = payments.get(code, {}), lacking.get(code, {}), changes.get(code, {})
        own = [_safe(line["id"]), _safe(line["title"]), line["cost"], line["votes"], line["rank"]]
        told = [paid.get("payers"), paid.get("price"), lack.get("left"), lack.get("supporters")]
        yield [*own, "yes" if line["selected"] else "no", *told, change.get("votes"), change.get("cost")]


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _download(data: bytes, mimetype: str, name: str) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
