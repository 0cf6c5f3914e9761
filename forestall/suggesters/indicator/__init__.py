"""Which indicators of a framework a passage bears on, and whether it raises or lowers them."""
