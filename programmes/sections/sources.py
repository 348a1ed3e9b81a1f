"""What sources say of a participation, and where it does not agree."""

from programmes import claims
from programmes.overview import overview_of
from programmes.terms import in_words


def contradictions(request, participation):
    overview = overview_of(request, participation)
    conflicts = [stated for stated in claims.stated_terms(overview) if stated.agreement.is_conflict]
    if not conflicts:
        return None
    first = conflicts[0]
    return {
        "conflicts": [
            (stated, claims.source_words(stated.statement.source, overview)) for stated in conflicts
        ],
        "no_start": "" if overview.has_start else claims.NO_START,
        "untouched": claims.UNTOUCHED,
        "when": str(first.as_of) if first.as_of.is_known else "då",
        "rows": claims.reading_rows(overview, first.on),
    }


def statements(request, participation):
    overview = overview_of(request, participation)
    rows = [(statement, claims.source_words(statement.source, overview)) for statement in overview.statements]
    if not rows:
        return None
    confirmed = sum(1 for statement, _ in rows if statement.trust == "confirmed")
    agreeing = [
        stated.agreement for stated in claims.stated_terms(overview) if not stated.agreement.is_conflict
    ]
    return {
        "rows": rows,
        "agreeing": agreeing,
        "count": f"{len(rows)}, {in_words(confirmed) if confirmed else 'ingen'} bekräftad{'e' if confirmed > 1 else ''}",
        "index_count": len(rows),
    }
