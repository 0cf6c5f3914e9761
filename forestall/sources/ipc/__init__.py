"""IPC food security analyses."""
