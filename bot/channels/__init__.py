"""One module per channel: each translates between a network's messages and ours, and does nothing else."""
