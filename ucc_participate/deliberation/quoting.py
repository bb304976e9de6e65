"""Whether a quote is one: its words stand in the text that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from .models import Comment, CommentEdition

_SPACES = re.compile(r"\s+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]+", re.IGNORECASE)


def require_quoted(quote: str, comment: Comment, earlier: Sequence[CommentEdition], edition: int) -> None:
    """Raise Invalid unless the quote stands in that edition of the comment; line breaks and spaces may differ."""
    texts = {each.number: each.text for each in earlier} | {comment.edition: comment.text}
    if edition not in texts or _plain(quote) not in _plain(texts[edition]):
        raise Invalid(
            _l("These words do not stand in the comment. Copy the passage as it is there, or leave the quote empty."),
            field="quote",
        )


def links_in(text: str) -> set[str]:
    return {found.lower() for found in _LINK.findall(text)}


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
