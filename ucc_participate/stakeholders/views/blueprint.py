"""The blueprint that all views of the register share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("stakeholders", __name__)
Answer = str | Response | tuple[str, int]
