"""What the rules look at: what the process proves, the plan, what it is made from, the dossier. Read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ..dossier.models import Answer, Dossier
from ..dossier.sections import Section, sections_of
from ..inventory.models import ItemKind
from ..objections.checks import Finding as Objection
from ..objections.facts import Facts as Proven
from ..partners.models import PartnerCity
from ..plan.models import Initiative, Plan, Stage
from ..processes.models import Process
from ..resources.models import Body, Resource
from .checklist import Row
from .schedule import Step


class Standing(StrEnum):
    """How a rule stands. ``LATER``: its time has not come, for example before the designation."""

    MISSING = "missing"
    PARTLY = "partly"
    LATER = "later"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Said:
    """What another room says of a rule (``ucc.readiness``, setup.py). ``todo`` and ``url``: what is to be done."""

    standing: Standing
    says: Any
    todo: Any = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """``objections``: the findings of the linter by rule. ``items``: needs and assets that are listed.

    ``adopted``: proposals that were adopted, wholly or in part; ``used``: those of them that an initiative was made
    from. ``fixed``: stages of the plan that a version exists of; ``passed``: by blocker, the reasons
    that were published when the frozen plan was frozen. ``uncited``: paragraphs of final texts on which
    nothing is said to rest. ``alike``: pairs of sections with similar text. ``moved``: sentences of texts whose numbers
    are other ones today. ``said``: by rule, what other rooms say.
    """

    process: Process
    now: datetime
    today: date
    proven: Proven
    objections: Mapping[str, Sequence[Objection]]
    plan: Plan | None
    initiatives: Sequence[Initiative]
    fixed: frozenset[Stage]
    items: Mapping[ItemKind, int]
    resources: Sequence[Resource]
    bodies: Sequence[Body]
    cities: Sequence[PartnerCity]
    adopted: int
    used: int
    dossier: Dossier | None
    answers: Mapping[tuple[str, str], Answer]
    rows: Sequence[Row]
    steps: Sequence[Step]
    uncited: int = 0
    paragraphs: int = 0
    alike: Sequence[tuple[str, str]] = ()
    moved: int = 0
    passed: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Sequence[Said]] = field(default_factory=dict)

    @property
    def entries(self) -> Mapping[str, tuple[int, ...]]:
        return self.proven.entries

    @property
    def sections(self) -> tuple[Section, ...]:
        """Those of the form that are answered in writing."""
        if self.dossier is None:
            return ()
        return tuple(section for section in sections_of(self.dossier.form.content) if section.is_answered)

    def first_of(self, noun: str) -> tuple[int, ...]:
        """The first entries of the log about a kind of thing: ``need_ranking``, ``guest``."""
        found = (lines[0] for kind, lines in self.entries.items() if kind.startswith(f"{noun}.") and lines)
        return tuple(sorted(found)[:1])

    def step(self, code: str) -> Step:
        return next(step for step in self.steps if step.code == code)

    def row(self, code: str) -> Row | None:
        return next((row for row in self.rows if row.id == code), None)
