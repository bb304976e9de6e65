"""Parts of pages that come out the same for many readers, rendered once and kept while they are used."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from markupsafe import Markup

MOST_FRAGMENTS = 4_000


class Fragments:
    """The most recently used fragments of one process of the server."""

    def __init__(self, most: int = MOST_FRAGMENTS) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Markup | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Hashable, fragment: Markup) -> Markup:
        with self._lock:
            self._kept[key] = fragment
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return fragment
