"""Anchor: the last few years as the distribution of the next."""
