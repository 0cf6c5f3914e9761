"""Readers of file formats. They run in the limited child, raise `Malformed` or `Hostile`, and repair nothing."""
