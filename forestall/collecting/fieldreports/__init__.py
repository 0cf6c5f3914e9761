"""Field reports: what monitors hand in through a form, whichever server keeps it, and the form that we offer them.

Consent comes first: without it nothing of a submission is read. Who reported, from which device and from where exactly
is kept apart from the report itself. No Django.
"""
