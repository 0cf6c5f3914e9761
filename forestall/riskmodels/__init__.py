"""One folder per statistical risk model."""
