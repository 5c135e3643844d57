"""Reads a text: normalise, segment, match, classify, extract facts, mask, compare."""
