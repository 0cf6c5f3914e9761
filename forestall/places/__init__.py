"""Countries, areas and territories: codes, names in six languages, regions, and how each is drawn."""
