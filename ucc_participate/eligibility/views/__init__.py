"""Pages of eligibility: proving it, and the desk that fixes rules, hands out proofs and checks people."""

from . import desk, proving
from .blueprint import bp

__all__ = ["bp", "desk", "proving"]
