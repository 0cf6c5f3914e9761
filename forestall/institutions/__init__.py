"""Counterparts and their office-holders over time: who can be addressed, and through which channel."""
