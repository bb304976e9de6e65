"""Pages of accounts: signing up and in, one's own account, people and roles."""

from . import own_account, people, signing_in
from .blueprint import bp

__all__ = ["bp", "own_account", "people", "signing_in"]
