"""Alerts of emergency services in the Common Alerting Protocol (OASIS CAP 1.2)."""
