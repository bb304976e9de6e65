"""Drafts of sections from facts only (rule P12): ``DRAFTS`` by what a form version calls them."""

from .choosing import Piece, compose
from .initiatives import pieces_of_initiatives
from .sections import DRAFTS, draft_section, pieces_of

__all__ = ["DRAFTS", "Piece", "compose", "draft_section", "pieces_of", "pieces_of_initiatives"]
