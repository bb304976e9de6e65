"""Files attached to anything: what they are called, what they are, who may open them. Their content lies in the store.

A document names its subject by text (``delegate/8f3k``), as the log does, so that every domain can attach one and this
one knows none of them. A newer version is a row of its own that names the older one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..kernel.db import Model

SEALED = "sealed"
"""A kind that nobody opens before it is public, the city's staff neither."""


class Document(Model):
    """One version of a file. ``kind``: what it is for its subject (``mandate``, ``scan``, ``evidence``).

    ``sha256`` is of the stored content (pictures are re-encoded). ``added_by``: key of the actor.
    """

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(160))
    stored_name: Mapped[str] = mapped_column(String(80))
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    is_public: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"))
    added_by: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]

    @property
    def ref(self) -> str:
        return f"document/{self.public_id}"

    def public_payload(self) -> dict[str, Any]:
        """What the log keeps of it, inside the entry of the act it belongs to: never the title, people write names."""
        return {"kind": self.kind, "sha256": self.sha256, "size": self.size}
