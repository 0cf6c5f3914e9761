"""Playing an exercise: its people do, through the same actions as anybody, what the key says a careful office does."""
