"""The humanitarian data of HDX."""
