"""Words of the register that stand on several pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..vocabularies.uccn import CREATIVE_FIELDS, SECTORS, SUBTYPES, Labels
from .likeness import Reason
from .lineage import Holding
from .models import CountsAs, NominationOutcome, SizeBand

KINDS: Labels = {kind: label for kinds in SUBTYPES.values() for kind, label in kinds.items()}
SECTORS_AND_KINDS: Labels = {
    kind: _l("%(sector)s: %(kind)s", sector=SECTORS[sector], kind=label)
    for sector, kinds in SUBTYPES.items()
    for kind, label in kinds.items()
}
SIZES: Labels = {
    SizeBand.ALONE.value: _l("One person"),
    SizeBand.FEW.value: _l("2 to 9 people"),
    SizeBand.SMALL.value: _l("10 to 49 people"),
    SizeBand.MIDDLE.value: _l("50 to 249 people"),
    SizeBand.LARGE.value: _l("250 people or more"),
}
COUNTED_AS: Labels = {
    CountsAs.WOMEN.value: _l("Women’s groups"),
    CountsAs.YOUTH.value: _l("Youth groups"),
}
OUTCOMES: Labels = {
    NominationOutcome.REGISTERED.value: _l("Entered in the register"),
    NominationOutcome.KNOWN.value: _l("It was in the register already"),
    NominationOutcome.NO_STAKEHOLDER.value: _l("It is no stakeholder"),
    NominationOutcome.UNFIT.value: _l("It is no name of an organisation"),
}
OUTCOME_CHOICES = [
    (NominationOutcome.REGISTERED.value, _l("Enter it in the register"), _l("Fill in what follows below.")),
    (NominationOutcome.KNOWN.value, _l("It is in the register already"), _l("Choose which one is meant.")),
    (NominationOutcome.NO_STAKEHOLDER.value, _l("It is no stakeholder"), None),
    (
        NominationOutcome.UNFIT.value,
        _l("It is no name of an organisation"),
        _l("For insults and names of people. The name is never shown; the reason is."),
    ),
]
LIKENESS: Labels = {
    Reason.NAME.value: _l("the same name"),
    Reason.EMAIL.value: _l("the same contact address"),
    Reason.WEBSITE.value: _l("the same website"),
    Reason.WORDS.value: _l("the same words in the name"),
    Reason.NEAR.value: _l("the name differs by one letter"),
}
CHANGED_MEANWHILE = _l("Something changed since this page was shown. Look at it once more.")


def own_holdings(mandates: int, nominations: int, merges: int) -> list[Holding]:
    """What the register itself keeps of an entry, and what a merge does to it."""
    return [
        Holding(_l("Mandates of delegates, with their documents"), mandates, _l("Move to the survivor.")),
        Holding(_l("Answered nominations"), nominations, _l("Stay as they were; the survivor’s page shows them too.")),
        Holding(_l("Entries merged into it earlier"), merges, _l("Lead to the survivor from now on.")),
    ]


LABELS = {
    "sectors": SECTORS,
    "fields": CREATIVE_FIELDS,
    "kinds": KINDS,
    "sizes": SIZES,
    "counted_as": COUNTED_AS,
    "outcomes": OUTCOMES,
}
