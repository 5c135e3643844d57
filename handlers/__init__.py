"""Answers one person: a parent's intake and follow-up, an officer's desk, the office's overview."""
