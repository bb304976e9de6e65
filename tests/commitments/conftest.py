"""Nothing stands in the way of freezing a dossier but its texts."""

from tests.dossier.alone import without_readiness

__all__ = ["without_readiness"]
