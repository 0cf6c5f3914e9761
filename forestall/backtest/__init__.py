"""The forward-chained protocol and the scoring rules. Pure; anchors are risk models."""
