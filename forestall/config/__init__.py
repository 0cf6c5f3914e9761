"""Settings in one loud file, addresses, and the web entry point."""
