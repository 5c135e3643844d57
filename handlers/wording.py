"""Makes what people typed safe to show, without losing a word of it."""

import unicodedata

# Marks that turn the reading direction or hide: they can make a text show something other than what it says.
_TRICKS = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
_KEPT_CONTROLS = "\n\t"


def tidy(text: str) -> str:
    """The text without control characters and direction tricks; line breaks stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if _is_shown(sign)).strip()


def _is_shown(sign: str) -> bool:
    if sign in _KEPT_CONTROLS:
        return True
    # Lone surrogates cannot be stored or sent; they are remains of a broken upload, never words.
    return sign not in _TRICKS and unicodedata.category(sign) not in ("Cc", "Cs")
