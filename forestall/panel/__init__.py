"""Unit-time tables for forecasting, with their vintages. No Django."""
