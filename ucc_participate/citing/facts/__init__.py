"""Facts: numbers of the application, each a query with its definition (rule P12). ``FACTS``: all of them, by code."""

from ..ground import Ground
from .fact import Fact, Value
from .people import PEOPLE
from .planned import PLANNED
from .process import PROCESS

FACTS: dict[str, Fact] = {fact.code: fact for fact in (*PROCESS, *PEOPLE, *PLANNED)}


def values_of(ground: Ground) -> dict[str, Value]:
    """What each fact is now; those of which there is nothing to count are left out."""
    found = {code: fact.value(ground) for code, fact in FACTS.items()}
    return {code: value for code, value in found.items() if value is not None}


__all__ = ["FACTS", "Fact", "Value", "values_of"]
