"""Submissions kept by ODK Central."""
