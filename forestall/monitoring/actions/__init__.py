"""The writers of monitoring, one module per noun."""
