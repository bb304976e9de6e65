"""What people type: cleaned at the boundary, folded for search, keyed for sorting, rendered as safe HTML.

Folding and keys are computed here and stored in columns, so that both databases find and sort alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import nh3
from flask_babel import lazy_ngettext
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from .errors import Invalid

ZWNJ: Final = "\u200c"
PERSIAN_ALPHABET: Final = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

_ZWJ = "\u200d"
_TATWEEL = "\u0640"
# Direction overrides, embeddings, isolates and marks; invisible fillers; tag and interlinear characters; lone surrogates.
_INVISIBLE = re.compile(
    "[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MANY_MARKS = re.compile("([\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u20d0-\u20ff]{4})"
                         "[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u20d0-\u20ff]+")
