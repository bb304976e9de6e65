"""Pages of the register: its public part, and the desk at which staff keeps it."""

from . import exchange, merging, nominations, register, seats
from .blueprint import bp

__all__ = ["bp", "exchange", "merging", "nominations", "register", "seats"]
