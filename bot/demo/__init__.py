"""Fifteen invented months: parents, officers and the office through the real front door, so that every page has something to show."""
