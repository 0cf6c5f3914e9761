"""Keeping and erasing: how long each kind is kept, what is due, what is called back, what people ask about themselves."""
