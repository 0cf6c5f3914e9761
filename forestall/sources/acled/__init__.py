"""ACLED."""
