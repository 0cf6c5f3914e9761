"""Which countries, capitals and cities a text names."""
