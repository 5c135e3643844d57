"""Follows a report after it was filed: progress, additions, talk with the officers, rating, withdrawal."""
