"""Takes a parent's report: slot filling over a draft that is only data."""
