"""Reading proposals: lists, one by one, and as a whole."""

from .lists import PAGE, Counts, Filters, Key, Neighbours, Page, browse, by_ids, counts, latest, neighbours
from .single import (
    Receipt,
    by_key,
    get_account,
    get_proposal,
    history,
    last_number,
    logged_authors,
    proposal_to_change,
    receipt_of,
)
from .whole import (
    count_proposers,
    count_unanswered,
    list_own,
    live_states,
    shortlist_candidates,
    written_by,
    written_by_to_change,
)

__all__ = [
    "PAGE",
    "Counts",
    "Filters",
    "Key",
    "Neighbours",
    "Page",
    "Receipt",
    "browse",
    "by_ids",
    "by_key",
    "count_proposers",
    "count_unanswered",
    "counts",
    "get_account",
    "get_proposal",
    "history",
    "last_number",
    "latest",
    "list_own",
    "live_states",
    "logged_authors",
    "neighbours",
    "proposal_to_change",
    "receipt_of",
    "shortlist_candidates",
    "written_by",
    "written_by_to_change",
]
