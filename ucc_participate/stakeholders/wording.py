"""Words of the register that stand on several pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..vocabularies.uccn import CREATIVE_FIELDS, SECTORS, SUBTYPES, Labels
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
LABELS = {
    "sectors": SECTORS,
    "fields": CREATIVE_FIELDS,
    "kinds": KINDS,
    "sizes": SIZES,
    "counted_as": COUNTED_AS,
    "outcomes": OUTCOMES,
}
