"""Moderation of what people contribute: held, flagged, hidden, restored; appeals, blocks, figures for the public."""
