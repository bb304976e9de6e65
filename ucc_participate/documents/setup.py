"""How documents hook into the application: their policy, and the store in which all uploads lie."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from ..kernel.files import Store
from ..kernel.web import register_policies
from . import policies
from .models import Document


def init_app(app: Flask) -> None:
    """``ucc.store``: the store of uploads."""
    register_policies(app, policies, Document)
    app.extensions.setdefault("ucc.store", Store(Path(app.instance_path) / "uploads"))
