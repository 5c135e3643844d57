"""What the bot does under load and in accidents, measured; `make bench` runs it all."""
