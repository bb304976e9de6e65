"""Pages of the register: its public part, and the desk at which staff keeps it."""

from . import nominations, register, seats
from .blueprint import bp

__all__ = ["bp", "nominations", "register", "seats"]
