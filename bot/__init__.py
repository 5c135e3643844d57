"""Runs and connects: settings, front door, delivery, one module per channel, the web pages."""
