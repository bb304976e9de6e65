"""The append-only Merkle log: ``audit.record()`` inside an operation is all that other domains need."""
