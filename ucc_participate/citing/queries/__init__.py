"""Reading: what facts are counted from, what a text cites, what was used nowhere."""

from .cited import find_cited, minutes_in_force, search_for
from .fixed import facts_fixed, facts_known, live_facts, refs_cited
from .ground import ground_of
from .moved import moved_numbers
from .unused import Unused, unused_inputs

__all__ = [
    "Unused",
    "facts_fixed",
    "facts_known",
    "find_cited",
    "ground_of",
    "live_facts",
    "minutes_in_force",
    "moved_numbers",
    "refs_cited",
    "search_for",
    "unused_inputs",
]
