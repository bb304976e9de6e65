"""Words of the register that stand on several pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ..vocabularies.uccn import CREATIVE_FIELDS, SECTORS, SUBTYPES, Labels
from .models import CountsAs, SizeBand

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
LABELS = {"sectors": SECTORS, "fields": CREATIVE_FIELDS, "kinds": KINDS, "sizes": SIZES, "counted_as": COUNTED_AS}
