"""What the record holds for people: README.html and the PDF in Persian and English.

Everything is computed from the summary and the story of the log, so that the same checkpoint gives the same bytes.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import segno
from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from ..kernel.clock import from_utc_text
from ..kernel.events import AuditEvent
from ..kernel.i18n import day, digits, in_language, moment, money, number, percent, text_direction
from ..kernel.text import strip_bidi
from ..processes.models import Gate, PhaseKind, PromiseLevel
from ..processes.wording import GATES, INVITATION_STATES, PHASE_KINDS, PROMISE_LEVELS
from ..proposals.wording import KINDS, LEVELS, OUTCOMES
from ..representation.wording import STAGES, group_name
from ..vocabularies.uccn import OBJECTIVES, SECTORS, SUBTYPES
from . import verify
from .limits import limits
from .words import words

LANGUAGES = {"record.pdf": "fa", "record.en.pdf": "en"}
NUMBERING = {"fa": "۱", "en": "1"}
TYPESETTING_SECONDS = 300
MOST_PROPOSALS = 2_000
OPTIONS_SHOWN = 200


class TypesettingError(RuntimeError):
    """The PDF could not be made; the text is the compiler's."""


def documents(summary: dict[str, Any], story: verify.Story) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every document of the record."""
    yield "README.html", readme(summary, story).encode("utf-8")
    for name, locale in LANGUAGES.items():
        yield name, pdf(summary, story, locale)


def readme(summary: dict[str, Any], story: verify.Story) -> str:
    """One page in the three languages: what this package is and how to verify it."""
    titles = {locale: str(in_language(story.process["title"], locale)) for locale in ("fa", "en")}
    page = current_app.jinja_env.get_template("record/readme.html")
    return str(page.render(summary=summary, titles=titles))


def pdf(summary: dict[str, Any], story: verify.Story, locale: str) -> bytes:
    """The record on paper. Raises TypesettingError."""
    with force_locale(locale):
        data = Report(summary, story, locale).data()
    made = subprocess.run(
        [sys.executable, "-m", "ucc_participate.record.typesetting"],
        input=json.dumps(data, ensure_ascii=False).encode("utf-8"),
        capture_output=True,
        timeout=TYPESETTING_SECONDS,
        check=False,
    )
    if made.returncode:
        raise TypesettingError(made.stderr.decode("utf-8", "replace")[-2000:])
    return made.stdout


class Report:
    """Words and numbers of the PDF in one language; report.typ only sets them."""

    def __init__(self, summary: dict[str, Any], story: verify.Story, locale: str) -> None:
        self._summary, self._story, self._locale = summary, story, locale
        self._process = story.process
        self._settings = current_app.extensions["ucc.settings"]

    def data(self) -> dict[str, Any]:
        at = from_utc_text(self._summary["checkpoint_time"])
        parts: dict[str, Any] = {
            "locale": self._locale,
            "direction": text_direction(self._locale),
            "numbering": NUMBERING[self._locale],
            "moment": self._summary["checkpoint_time"],
            "day": [at.year, at.month, at.day],
            "city": self._settings.city(self._locale),
            "title": self._text("title"),
            "purpose": self._text("purpose"),
            "promise": self._text("promise"),
            "words": words(),
            "url": self._summary["url"],
            "citation": self._summary["citation"],
            "qr": _qr(self._summary["url"]),
            "vkey": self._summary["vkey"],
            "attachment": json.dumps(self._summary, ensure_ascii=False, sort_keys=True),
            "highlights": self._highlights(),
            "facts": self._facts(),
            "phases": self._phases(),
            "documents": [{"title": _clean(d["title"]), "sha256": d["sha256"]} for d in self._process["documents"]],
            "overrides": self._overrides(),
            "proposals": self._proposals(),
            "proposals_words": self._proposals_words(),
            "votes": [self._vote(vote) for vote in self._story.votes.values()],
            "stakeholders": self._stakeholders(),
            "seal": self._seal(),
            "events": self._events(),
            "limits": [str(text) for text in limits()],
        }
        return parts | self._presence()

    def _number(self, value: int) -> str:
        return number(value, locale=self._locale)

    def _day(self, text: str | None) -> str:
        return day(from_utc_text(text).date(), locale=self._locale) if text else "–"

    def _text(self, name: str) -> str:
        return _clean(str(in_language(self._process.get(name), self._locale)))

    def _highlights(self) -> list[dict[str, str]]:
        invited = len(self._invited())
        people = self._count("people_joined", "all")
        answered = sum(1 for state in self._shown_proposals() if state.get("outcome"))
        ballots = sum(vote.result["ballots"] for vote in self._story.votes.values() if vote.result)
        found = [
            (invited, ngettext("organisation invited", "organisations invited", invited)),
            (people, ngettext("person took part", "people took part", people)),
            (len(self._shown_proposals()), ngettext("proposal", "proposals", len(self._shown_proposals()))),
            (answered, ngettext("answer with a reason", "answers with a reason", answered)),
            (ballots, ngettext("ballot counted", "ballots counted", ballots)),
        ]
        return [{"number": self._number(value), "words": text} for value, text in found if value][:4]

    def _facts(self) -> list[dict[str, str]]:
        level = self._process.get("promise_level")
        facts = [
            (_("Scope"), self._text("scope")),
            (_("What could still change"), self._text("open_questions")),
            (_("Level of promise"), str(PROMISE_LEVELS[PromiseLevel(level)]) if level else ""),
            (_("Who decides"), self._text("decision_maker")),
            (_("Responsible"), _clean(self._process.get("responsible") or "")),
            (_("Answers promised by"), self._last_day(self._process.get("answers_due_at"))),
        ]
        return [{"name": name, "text": text} for name, text in facts if text and text != "–"]

    def _phases(self) -> list[dict[str, str]]:
        return [
            {
                "title": _clean(
                    str(in_language(phase["title"], self._locale)) or str(PHASE_KINDS[PhaseKind(phase["kind"])])
                ),
                "starts": self._day(phase["starts_at"]),
                "ends": self._last_day(phase["ends_at"]),
            }
            for phase in self._process["phases"]
        ]

    def _last_day(self, text: str | None) -> str:
        if text is None:
            return "–"
        last: datetime = from_utc_text(text) - timedelta(seconds=1)
        return day(last.date(), locale=self._locale)

    def _overrides(self) -> list[dict[str, str]]:
        return [
            {"gate": str(GATES[Gate(each["gate"])]), "reason": _clean(each["reason"])} for each in self._story.overrides
        ]

    def _cells(self) -> dict[tuple[str, str], int | None]:
        stages = (self._summary["presence"] or {}).get("stages", [])
        return {(stage["stage"], cell["group"]): cell["count"] for stage in stages for cell in stage["cells"]}

    def _count(self, stage: str, group: str) -> int:
        return self._cells().get((stage, group)) or 0

    def _presence(self) -> dict[str, Any]:
        bars = self._bars()
        alt = " · ".join(f"{bar['label']}: {bar['words']}" for bar in bars) or _("No figures yet")
        parts = [self._stages(kind) for kind in ("organisations", "people")]
        return {"bars": bars, "bars_alt": alt, "stages": [part for part in parts if part["rows"]]}

    def _bars(self) -> list[dict[str, Any]]:
        targets = (self._summary["presence"] or {}).get("targets", {})
        bars = [self._sector_bar(sector, targets.get(f"sector:{sector}")) for sector in SECTORS]
        bars += [self._share_bar("sex", "female", targets), self._share_bar("age", "under_30", targets)]
        return [bar for bar in bars if bar is not None]

    def _sector_bar(self, sector: str, target: int | None) -> dict[str, Any] | None:
        group = f"sector:{sector}"
        invited, present = self._count("organisations_invited", group), self._count("organisations_present", group)
        whole = max(invited, present, target or 0)
        if not whole:
            return None
        words = ngettext(
            "%(present)s of %(num)s organisation",
            "%(present)s of %(num)s organisations",
            invited,
            present=self._number(present),
        )
        return _bar(str(SECTORS[sector]), present / whole, target / whole if target else None, words)

    def _share_bar(self, dimension: str, label: str, targets: dict[str, int]) -> dict[str, Any] | None:
        cells = self._cells()
        names = [name for stage, name in cells if stage == "people_joined" and name.startswith(f"{dimension}:")]
        stated = [name for name in names if not name.endswith("not_stated")]
        counts = [
            cells["people_joined", name] for name in stated if name != "sex:other" or cells["people_joined", name]
        ]
        if not counts or None in counts or not sum(count or 0 for count in counts):
            return None
        group = f"{dimension}:{label}"
        share = (cells["people_joined", group] or 0) / sum(count or 0 for count in counts)
        target = targets.get(group)
        return _bar(
            str(group_name(group)), share, target / 100 if target else None, percent(share, locale=self._locale)
        )

    def _published_stages(self, kind: str) -> list[dict[str, Any]]:
        published = (self._summary["presence"] or {}).get("stages", [])
        return [stage for stage in published if stage["stage"].startswith(kind)]

    def _stages(self, kind: str) -> dict[str, Any]:
        """One table: groups × the stages that anybody reached."""
        stages = [stage for stage in self._published_stages(kind) if any(cell["count"] != 0 for cell in stage["cells"])]
        groups = [cell["group"] for cell in stages[0]["cells"]] if stages else []
        cells = self._cells()
        rows = [
            [str(group_name(group)), *(self._cell(cells.get((stage["stage"], group))) for stage in stages)]
            for group in groups
        ]
        title = _("Organisations, stage by stage") if kind == "organisations" else _("People, stage by stage")
        return {
            "title": title,
            "columns": [str(STAGES.get(stage["stage"], stage["stage"])) for stage in stages],
            "rows": rows,
        }

    def _cell(self, count: int | None) -> str:
        return _("hidden") if count is None else self._number(count)

    def _shown_proposals(self) -> list[verify.Fields]:
        return [state for state in self._story.proposals.values() if state.get("status") != "withdrawn"]

    def _proposals_words(self) -> str:
        shown = self._shown_proposals()
        answered = sum(1 for state in shown if state.get("outcome"))
        text = ngettext("%(num)s proposal was handed in", "%(num)s proposals were handed in", len(shown))
        answers: str = ngettext("%(num)s has its answer.", "%(num)s have their answer.", answered)
        return f"{text}. {answers}"

    def _proposals(self) -> list[dict[str, Any]]:
        return [self._proposal(state) for state in self._shown_proposals()[:MOST_PROPOSALS]]

    def _proposal(self, state: verify.Fields) -> dict[str, Any]:
        outcome = state.get("outcome")
        return {
            "number": self._number(state.get("number") or 0),
            "title": _clean(state.get("title") or self._withheld(state)),
            "summary": _clean(state.get("summary") or ""),
            "facts": " · ".join(self._proposal_facts(state)),
            "outcome": str(OUTCOMES[outcome]) if outcome else "",
            "outcome_kind": "good" if outcome in ("adopted", "partly_adopted") else "other" if outcome else "none",
            "answer": _clean(state.get("reason") or "") if outcome else None,
            "answered_by": f"{_clean(state.get('answered_by') or '')} · {self._day(state.get('answered_at'))}",
        }

    def _withheld(self, state: verify.Fields) -> str:
        """What stands in place of a title that the log does not open."""
        moderated = {"hidden": _("(hidden by moderation)"), "held": _("(waits for a moderator)")}
        return str(moderated.get(str(state.get("standing")), _("(withheld)")))

    def _proposal_facts(self, state: verify.Fields) -> list[str]:
        facts = [_clean(state.get("author") or _("a resident"))]
        if state.get("sector"):
            facts.append(str(SECTORS[state["sector"]]))
        facts += [str(KINDS[state["kind"]])] if state.get("kind") else []
        facts += [str(LEVELS[state["level"]])] if state.get("level") else []
        if state.get("cost") is not None:
            facts.append(money(state["cost"], state.get("currency"), locale=self._locale))
        return facts + [str(OBJECTIVES[name]) for name in state.get("objectives") or [] if name in OBJECTIVES][:1]

    def _vote(self, vote: verify.Vote) -> dict[str, Any]:
        state, result = vote.state, vote.result
        title = _clean(str(in_language(state["title"], self._locale)))
        if result is None:
            return {"title": title, "words": _("Sealed until the vote is closed and counted."), "rows": []}
        words = _(
            "%(ballots)s ballots of %(roll)s on the roll, %(blank)s of them blank. "
            "The rule was fixed and logged before the vote opened.",
            ballots=self._number(result["ballots"]),
            roll=self._number(result["roll"]),
            blank=self._number(result["blank"]),
        )
        most = max([line["votes"] for line in result["counts"]] or [1]) or 1
        ranked = sorted(result["counts"], key=lambda line: line["rank"])[:OPTIONS_SHOWN]
        rows = [
            {
                "rank": self._number(line["rank"]),
                "title": _clean(line["title"]),
                "votes": self._number(line["votes"]),
                "share": line["votes"] / most,
                "selected": line["selected"],
            }
            for line in ranked
        ]
        return {"title": title, "words": words, "rows": rows}

    def _invited(self) -> list[dict[str, Any]]:
        """Every organisation once: of entries that were merged the one that stands for both."""
        return [row for row in self._story.stakeholders.values() if row.get("merged_into") is None]

    def _stakeholders(self) -> list[dict[str, Any]]:
        parts = []
        for sector, label in SECTORS.items():
            rows = [self._stakeholder(row) for row in self._invited() if row["sector"] == sector]
            if rows:
                parts.append({"title": str(label), "rows": rows})
        return parts

    def _stakeholder(self, row: dict[str, Any]) -> list[str]:
        kind = str(SUBTYPES[row["sector"]].get(row["subtype"], row["subtype"]))
        return [_clean(row["name"]), kind, str(INVITATION_STATES[row["status"]])]

    def _seal(self) -> list[dict[str, str]]:
        at = moment(from_utc_text(self._summary["checkpoint_time"]), locale=self._locale)
        return [
            {"name": _("Origin of the log"), "value": self._summary["origin"]},
            {"name": _("Entries"), "value": str(self._summary["size"])},
            {"name": _("Root"), "value": self._summary["root"]},
            {"name": _("Last entry"), "value": f"{self._summary['checkpoint_time']} ({at})"},
            {"name": _("Verification key"), "value": self._summary["vkey"]},
        ]

    def _events(self) -> list[dict[str, str]]:
        texts = AuditEvent.all_texts()
        return [
            {
                "text": str(texts.get(kind, kind)),
                "number": digits(str(self._story.events[kind][0]), locale=self._locale),
            }
            for kind in sorted(self._story.events)
        ]


def _bar(label: str, share: float, target: float | None, words: str) -> dict[str, Any]:
    low = target is not None and share < target
    note = f"{words} — {_('below target')}" if low else words
    return {"label": label, "share": share, "target": target, "words": note, "low": low}


def _clean(text: str) -> str:
    return strip_bidi(text).strip()


def _qr(text: str) -> str:
    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", xmldecl=False, dark="#20292d", border=0)
    return buffer.getvalue().decode("utf-8")
