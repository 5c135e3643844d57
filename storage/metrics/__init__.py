"""The office's figures: facts kept up by every move, counted exactly, and asked in any grouping."""
