"""PDFs: ballots, code letters, the protocol."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from ...kernel import clock
from ...kernel.codes import Digests, read_number
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import is_locale, reader
from ...kernel.tables import Table
from ...kernel.text import fold
from ...kernel.web import current_actor, say, see_other
from ...voting.models import Vote
from .. import operations, policies, queries
from ..forms import LettersForm, PrintForm
from ..papers import Letter, ballots_pdf, letters_pdf, protocol_pdf
from ..setup import digests
from .blueprint import DESK, Answer, bp, change, city, desk_page, load, load_place, pdf

NUMBERS = ("number", "شماره", "numéro", "national number", "کد ملی")
NAMES = ("name", "نام", "nom")


@bp.route(f"{DESK}/ballots", methods=["GET", "POST"])
def print_ballots(process_id: str, vote_id: str) -> Answer:
    process, vote = load(process_id, vote_id)
    require(policies.can_print_ballots(current_actor(), vote, now=clock.now()))
    form = PrintForm(data={"language": reader().locale}) if request.method == "GET" else PrintForm()
    if not form.validate_on_submit():
        return desk_page("polling/print_ballots.html", process, vote, form)
    language = form.language.data
    made = ballots_pdf(
        vote,
        locale=language,
        city=city(language),
        papers=form.papers.data or 1,
        is_large=form.size.data == "large",
        address=url_for("voting.show", process_id=process_id, public_id=vote_id, _external=True),
    )
    return pdf(made, f"ballots-{vote_id}-{language}")


@bp.route(f"{DESK}/letters", methods=["GET", "POST"])
def letters(process_id: str, vote_id: str) -> Answer:
    """Make code letters: the PDF is all there is of the codes."""
    process, vote = load(process_id, vote_id)
    require(policies.can_issue_codes(current_actor(), vote, now=clock.now()))
    form = LettersForm(data={"language": reader().locale}) if request.method == "GET" else LettersForm()
    if form.validate_on_submit():
        try:
            named = _people_of(form.file.data) if form.whom.data == "list" else None
            keyed = digests()
            made = change(
                process_id, vote_id, lambda session, found, **who: _letters(session, found, named, keyed, **who)
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            places = queries.places_of(db.session(), vote)
            language = form.language.data
            facts: dict[str, Any] = {"locale": language, "city": city(language), "contact": process.responsible or ""}
            return pdf(letters_pdf(vote, made, places, **facts), f"letters-{vote_id}")
    return desk_page("polling/letters.html", process, vote, form)


def _letters(session: Session, vote: Vote, named: dict[str, str] | None, keyed: Digests, **who: Any) -> list[Letter]:
    """A letter for each who needs one; the names stand on the paper and nowhere else."""
    if named is None:
        voters = queries.voters_without_address(session, vote)
        whose = [(voter.entry, voter.account.display_name if voter.account else "") for voter in voters]
    else:
        lines = {keyed("number", vote.process.public_id, number): name for number, name in named.items()}
        whose = [(entry, lines[line]) for line, entry in queries.entries_by_line(session, vote, list(lines)).items()]
    codes = operations.issue_letters(session, vote, [entry for entry, _name in whose], digests=keyed, **who)
    return [Letter("" if name == "–" else name, code) for (_entry, name), code in zip(whose, codes, strict=True)]


def _people_of(table: Table | None) -> dict[str, str]:
    """Number → name, of the list's table. Raises Invalid."""
    head = [fold(cell) for cell in table.rows[0].cells] if table is not None and table.rows else []
    numbers, names = ({fold(word) for word in words} for words in (NUMBERS, NAMES))
    place = next((at for at, cell in enumerate(head) if cell in numbers), None)
    if table is None or place is None:
        raise Invalid(_l("Send the list; its first row must have a column “number”."), field="file")
    named = next((at for at, cell in enumerate(head) if cell in names), None)
    found = {}
    for row in table.rows[1:]:
        number = read_number(row.cells[place]) if place < len(row.cells) else ""
        if number:
            found[number] = row.cells[named][:80] if named is not None and named < len(row.cells) else ""
    return found


@bp.post(f"{DESK}/letters/<letters_id>/withdraw")
def withdraw_letters(process_id: str, vote_id: str, letters_id: str) -> Answer:
    def work(session: Session, vote: Vote, **who: Any) -> int:
        return operations.withdraw_letters(session, vote, queries.letters_to_change(session, vote, letters_id), **who)

    number = change(process_id, vote_id, work)
    say(ngettext("%(num)s unused code is out of use.", "%(num)s unused codes are out of use.", number))
    return see_other("polling.desk", process_id=process_id, vote_id=vote_id)


@bp.get(f"{DESK}/<place_id>/protocol.pdf")
def protocol(process_id: str, vote_id: str, place_id: str) -> Answer:
    _process, vote, place = load_place(process_id, vote_id, place_id)
    now = clock.now()
    require(policies.can_watch(current_actor(), vote, now=now))
    asked = request.args.get("language", "")
    language = asked if is_locale(asked) else reader().locale
    mishaps = queries.mishaps_of(db.session(), place)
    return pdf(protocol_pdf(place, mishaps, locale=language, city=city(language), now=now), f"protocol-{place_id}")
