"""Runs of risk models: one voice beside analysts and other forecasters (F2)."""
