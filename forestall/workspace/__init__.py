"""HTML for officers and officials: pages over the wings' queries and actions. No table is imported here."""
