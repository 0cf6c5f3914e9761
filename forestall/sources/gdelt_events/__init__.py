"""GDELT 2.0 events."""
