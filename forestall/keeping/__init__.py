"""What survives the machine, or is shut on it before somebody takes it."""
