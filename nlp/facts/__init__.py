"""What a parent has literally said: place, money, time, course and the rest, each with its span."""

from nlp.facts.extractor import Extractor

__all__ = ["Extractor"]
