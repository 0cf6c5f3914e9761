"""Which documents are copies, excerpts or corrections of others, and which accounts are independent."""
