"""Open formats of ranked ballots: `.blt` (Electoral Reform Society, OpaVote) and PrefLib's `.soc .soi .toc .toi`."""

from __future__ import annotations

from . import blt, preflib
from .files import RankedFile, RankedFileError

__all__ = ["RankedFile", "RankedFileError", "blt", "preflib"]
