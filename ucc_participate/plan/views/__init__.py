"""Pages of the action plan: the desk, the parts of an initiative, what everybody reads of one."""

from . import desk, editing, fixing, indicators, reading, whole
from .blueprint import bp

__all__ = ["bp", "desk", "editing", "fixing", "indicators", "reading", "whole"]
