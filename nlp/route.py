"""A reading as one line of the exchange format."""

from nlp.reading import Reading, Sureness


def as_row(reading: Reading) -> dict[str, object]:
    """Keys of the exchange format. `auto` says that no person need look before it goes where `lead` says."""
    return {
        "category": reading.category,
        "secondary": list(reading.secondary),
        "lead": reading.lead,
        "assists": list(reading.assists),
        "level": reading.level,
        "nature": reading.nature,
        "auto": reading.sureness in {Sureness.ROUTE, Sureness.NOTHING},
        "margin": round(reading.margin, 4),
        "evidence": [{"term": term.text, "weight": round(term.weight, 4), "for": term.supports} for term in reading.evidence],
        "facts": {key: fact.value for key, fact in reading.facts.items()},
    }
