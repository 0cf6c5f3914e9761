"""OCHA Financial Tracking Service."""
