"""Opinion maps: short statements, answered one at a time; which groups there are, and what all of them accept."""
