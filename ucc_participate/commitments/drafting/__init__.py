"""Drafts of the monitoring report: what drafts are made of, the sections on what was done, and those on what comes."""

from .fact import Fact
from .report import DRAFTS, chosen

__all__ = ["DRAFTS", "Fact", "chosen"]
