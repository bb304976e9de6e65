"""Every change of people, money and bodies."""

from .bodies import add_member, end_membership, forget_name, revise_body, set_body
from .providing import record_resource, revise_resource, void_resource

__all__ = [
    "add_member",
    "end_membership",
    "forget_name",
    "record_resource",
    "revise_body",
    "revise_resource",
    "set_body",
    "void_resource",
]
