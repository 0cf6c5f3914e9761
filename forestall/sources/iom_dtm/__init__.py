"""IOM displacement tracking matrix."""
