"""Digits as people write and say them, one for one, so that places stay the same."""

_WRITTEN = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_PLAIN = "001234567891123456789"

DIGITS = str.maketrans(_WRITTEN, _PLAIN)
