"""Faults on purpose: processes killed at any moment and at each system call, and what is then found in the history."""
