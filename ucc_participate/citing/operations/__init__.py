"""Every change of citations and facts."""

from .citations import cite, uncite
from .facts import fix_facts

__all__ = ["cite", "fix_facts", "uncite"]
