"""How themes and standings are called on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from .checks import Standing, Theme

THEMES: dict[Theme, Any] = {
    Theme.PROMISE: _l("The promise"),
    Theme.PRESENCE: _l("Who is there"),
    Theme.WOMEN_AND_YOUTH: _l("Women and young people"),
    Theme.DISCUSSION: _l("Discussion and meetings"),
    Theme.PROPOSALS: _l("Proposals and answers"),
    Theme.VOTE: _l("The vote"),
    Theme.PROOF: _l("The proof"),
}
STANDINGS: dict[Standing, Any] = {
    Standing.OBJECTION: _l("Would be objected to"),
    Standing.WARNING: _l("Could be asked about"),
    Standing.LATER: _l("Cannot be said yet"),
    Standing.MET: _l("Met"),
}
STANDING_MARKS: dict[Standing, str] = {
    Standing.OBJECTION: "low",
    Standing.WARNING: "open",
    Standing.LATER: "quiet",
    Standing.MET: "good",
}
NORMS: dict[str, Any] = {
    "P1 … P13, O1 … O4, A1, AREA-4, OBJ-2": _l(
        "Rules that this platform draws from UNESCO’s guidelines for cities that apply to the Creative Cities Network: "
        "P for participation, O and OBJ for the Network’s objectives, A for its areas of action."
    ),
    "Aarhus 6": _l(
        "Article 6 of the Aarhus Convention: people are told in time, before anything is decided, get the information "
        "free of charge, may comment, and read the decision with its reasons. Taken here as a model."
    ),
    "Gunning 1–4": _l(
        "The Gunning principles of British courts: 1, ask while the question is still open; 2, give enough "
        "information; 3, give enough time; 4, consider the answers with care, and show that you did."
    ),
    "Lundy": _l(
        "Lundy’s model for children and young people: space to form a view, a voice to say it, an audience that "
        "listens, influence on what is decided."
    ),
    "EIGE": _l(
        "European Institute for Gender Equality: women, women’s organisations and experts on equality are consulted, "
        "and women and men are counted at every stage."
    ),
    "IAP2": _l(
        "International Association for Public Participation: whoever is affected is sought out, gets the information, "
        "and is told how their input affected the decision."
    ),
    "OECD": _l(
        "OECD guidelines for citizen participation, 2022: a purpose that is said, information in time, inclusion, "
        "answers, and a public evaluation."
    ),
    "AA1000": _l(
        "AA1000, a standard of stakeholder engagement: who is concerned is mapped, and what is done is planned, "
        "measured and reported."
    ),
}
"""What the codes beside a finding stand for, in our own words."""
