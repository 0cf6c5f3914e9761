"""IDMC internal displacement updates."""
