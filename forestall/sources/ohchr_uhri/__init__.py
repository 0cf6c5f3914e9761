"""Universal Human Rights Index."""
