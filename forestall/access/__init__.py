"""People, roles as verbs, sign-in, and the one place that decides who may see what."""
