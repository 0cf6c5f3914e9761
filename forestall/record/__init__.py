"""What was done, by whom, and what was known when: entries, revisions, the tamper-evident log, evidence, custody."""
