"""A third vote in the small city of ``package``: any rule, any kind of ballot, paper, lots, certification."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.record import package
from tests.record.attacks import Case, seal
from tests.record.package import OPTIONS, RULES, City, sample, vote_state
from ucc_participate.audit import canonical, commitments
from ucc_participate.record import verify

VOTE = "vote/v3"
SECRET_BYTES = bytes(range(32))
LOT = {"sha256": sha256(SECRET_BYTES).hexdigest(), "public_value": "The draw of 1 May"}
SCORE = {"method": "majority_judgment", "ballot": "score", "budget": None, "winners": 1, "max_points": 3}


@dataclass
class Held:
    """What is voted on and how; ``draw`` and ``certify`` may bend what they return before it is logged."""

    rules: dict[str, Any] = field(default_factory=dict)
    ballots: Sequence[verify.Ballot] = ()
    roll: dict[str, Any] = field(default_factory=dict)
    slots: int = 40
    on_paper: int = 0
    draw: Callable[[dict[str, Any]], dict[str, Any]] = dict
    certify: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    tally: Callable[[dict[str, Any]], object] = dict

    def lines(self) -> list[tuple[str, str, verify.Ballot]]:
        """Commitment, salt and ballot, in the order in which they were cast."""
        made = []
        for number, ballot in enumerate(self.ballots):
            salt = sha256(f"held {number}".encode()).digest()
            sealed = commitments.ballot(salt, VOTE, ballot.choices, points=ballot.points, sector=ballot.sector or None)
            made.append((sealed, salt.hex(), ballot))
        return made

    def agreed(self) -> dict[str, Any]:
        return {**RULES, "ballot": "approval", "max_choices": None, **self.rules}

    def csv(self) -> bytes:
        form = verify.ballot_file({**verify.DEFAULTS, **self.agreed()})
        rows = [form.header]
        for commitment, salt, ballot in sorted(self.lines()):
            cells = [commitment, salt, "|".join(ballot.choices)]
            cells += ["|".join(map(str, ballot.points or ()))] * form.has_points + [ballot.sector] * form.has_sector
            rows.append(",".join(cells))
        return "".join(f"{row}\n" for row in rows).encode()


def hold(held: Held) -> City:
    """The city after it has held the vote as well."""
    city, rules = sample(), held.agreed()
    state = {"rules": rules, "franchise": "individual"}
    city.add("vote.announced", VOTE, vote_state(VOTE, "announced", **state))
    city.add("roll.frozen", VOTE, {"slots": held.slots, "by_sector": {}, **held.roll})
    city.add("vote.opened", VOTE, vote_state(VOTE, "open", roll_size=held.slots, **state))
    sealed = [line[0] for line in held.lines()]
    digital = len(sealed) - held.on_paper
    for number in range(len(sealed)):
        kind = "ballot.cast" if number < digital else "ballot.cast_on_paper"
        city.add(kind, f"{VOTE}/slot/{number + 1:06d}", role="resident")
    city.add("ballots.batched", VOTE, {"commitments": sorted(sealed[:digital])})
    city.add("vote.closed", VOTE, vote_state(VOTE, "closed", roll_size=held.slots, **state))
    if held.on_paper:
        box = {"batch": "box-1", "place": "School", "papers": held.on_paper, "invalid": 0}
        city.add("ballots.entered", VOTE, {**box, "commitments": sorted(sealed[digital:])})
    order = None
    if rules["tie"] in verify.BY_LOT:
        lot = held.draw(drawn(sealed))
        order = lot["order"]
        city.add("vote.lot_drawn", VOTE, lot)
    result = result_of(held, state=city.draft("vote.opened", VOTE).payload, order=order)
    held.tally(result)
    city.add("vote.tallied", VOTE, {"result": result})
    if held.certify:
        certify(city, held, result)
    return city


def drawn(sealed: Sequence[str]) -> dict[str, Any]:
    """The lot over these commitments, done by hand from the description of the format."""
    snapshot = sha256("".join(f"{one}\n" for one in sorted(sealed)).encode()).hexdigest()
    made = {"secret": SECRET_BYTES.hex(), "public_value": "7-13-40", "snapshot": snapshot}
    seed = sha256(b"ucc-lot-1\0" + canonical.dumps({**made, "vote": VOTE})).digest()
    ids = sorted((str(option["id"]) for option in OPTIONS), key=lambda i: sha256(seed + i.encode()).digest())
    return {**made, "seed": seed.hex(), "order": ids}


def result_of(held: Held, state: dict[str, Any], order: list[str] | None) -> dict[str, Any]:
    said = Counter(held.ballots)
    return {
        **{name: state[name] for name in ("title", "franchise", "rules", "rules_sha256")},
        "vote": VOTE,
        "budget": state["rules"]["budget"],
        "roll": held.slots,
        "ballots": len(held.ballots),
        "blank": sum(not ballot.choices for ballot in held.ballots),
        **verify.count_ballots(said, OPTIONS, state["rules"], order),
        "groups": [],
    }


def certify(city: City, held: Held, result: dict[str, Any]) -> None:
    assert held.certify is not None
    said = {"result_sha256": sha256(canonical.dumps(result)).hexdigest(), "by": "The mayor"}
    said = held.certify({**said, "certified_at": "2026-04-05T00:00:00Z"})
    draft = city.add("vote.certified", VOTE, said)
    draft.time = said["certified_at"]


def case_of(folder: Path, held: Held, bend: Callable[[City], object] = id, **files: bytes) -> Case:
    """The record of it, whose drafts ``bend`` has changed, with other files beside."""
    city = hold(held)
    bend(city)
    made = package.files_of(city) | {"data/votes/v3.ballots.csv": held.csv()}
    return seal(folder, {**made, **{f"data/votes/v3.{name}": content for name, content in files.items()}})
