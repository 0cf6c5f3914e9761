"""What survives the machine, or is shut on it: encrypted backups, the ledger of what must not come back, the lock-down."""
