"""One folder per analysis framework."""
