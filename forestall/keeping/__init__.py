"""What survives the machine: encrypted backups, the ledger of what must not come back, and the way home from both."""
