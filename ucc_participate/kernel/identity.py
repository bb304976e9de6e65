"""Who acts. Operations and policies know an Actor, never a session cookie or a request."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


class Role(StrEnum):
    """The role in which an act is done, as the log writes it."""

    VISITOR = "visitor"
    RESIDENT = "resident"
    DELEGATE = "delegate"
    CLERK = "clerk"
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    EVALUATOR = "evaluator"
    SYSTEM = "system"


STAFF_ROLES = frozenset({Role.COORDINATOR, Role.CLERK, Role.MODERATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: an account with the roles it holds now, a visitor, or the system.

    ``key``: ``account:17``, ``system:closing-job`` or ``visitor``: resolved to a random pseudonym per scope in the log.
    ``delegations``: public ids of the organisations for which the account may act now.
    ``guest_of``: public id of the one process in which a guest from another city may comment, and do nothing else.
    """

    key: str
    account_id: int | None = None
    roles: frozenset[Role] = frozenset()
    delegations: frozenset[str] = field(default_factory=frozenset)
    name: str | None = None
    guest_of: str | None = None

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def is_guest(self) -> bool:
        return self.guest_of is not None

    @property
    def is_staff(self) -> bool:
        return not self.roles.isdisjoint(STAFF_ROLES)

    @property
    def is_system(self) -> bool:
        return self.key.startswith("system:")


VISITOR = Actor("visitor", roles=frozenset({Role.VISITOR}))


def system_actor(name: str) -> Actor:
    """The actor of a job or of the command line: may do what a coordinator may."""
    return Actor(f"system:{name}", roles=frozenset({Role.SYSTEM, Role.COORDINATOR}))


def new_public_id(length: int = 8) -> str:
    """A short random id for addresses (40 bits at the default length), without look-alike characters."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_pseudonym() -> str:
    """32 hex characters: how the log calls a person within one scope."""
    return secrets.token_hex(16)


SYSTEM_PSEUDONYM = "0" * 32
