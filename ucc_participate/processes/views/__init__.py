"""Pages of processes: what everybody reads, and the desk at which coordinators plan and run them."""

from . import inviting, planning, reading, running
from .blueprint import bp

__all__ = ["bp", "inviting", "planning", "reading", "running"]
