"""Pages of handing in: the desk, evaluators and their questions; what everybody reads; the seat."""

from . import desk, evaluators, public, seat
from .blueprint import bp

__all__ = ["bp", "desk", "evaluators", "public", "seat"]
