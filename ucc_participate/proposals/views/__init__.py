"""Pages of proposals: the list and one proposal, writing one, the desk at which the city answers."""

from . import answering, particulars, places, reading, setting_up, writing
from .blueprint import bp

__all__ = ["answering", "bp", "particulars", "places", "reading", "setting_up", "writing"]
