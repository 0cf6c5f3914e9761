"""Two worlds that differ by one hidden thing, asked the same: what the answers tell of it is nothing, or it is counted."""
