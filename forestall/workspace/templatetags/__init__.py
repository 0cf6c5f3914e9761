"""Template tags: one for each mark and component of the look. `{% load forestall %}`."""
