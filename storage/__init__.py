"""Remembers: reports, assignments, events, clocks, sealed identities, mail. Has never heard of a chat."""
