"""Who may see a record: its label, the label columns, and the manager that raises when no session is bound."""
