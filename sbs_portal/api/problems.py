"""The kinds of problems the API answers with. Each has a stable address, ``/api/problems/<slug>``."""

from dataclasses import dataclass

from sbs_portal.scope import OUTSIDE

API_PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its slug in the address, its status, its title and what to do about it."""

    slug: str
    status: int
    title: str
    explanation: str

    @property
    def address(self) -> str:
        return f"{API_PREFIX}problems/{self.slug}"


PROBLEMS = {
    kind.slug: kind
    for kind in (
        Kind(
            "validation-error",
            400,
            "Uppgifter behöver ändras",
            "Listan invalid_parameters säger vilka fält eller parametrar det gäller och varför. "
            "Ett tomt property gäller hela begäran.",
        ),
        Kind(
            "bulk-rejected",
            400,
            "Inget har sparats",
            "Listan rows svarar för varje rad: status och errors för de rader som behöver ändras, 424 för de "
            "andra. Rätta raderna och skicka hela begäran igen.",
        ),
        Kind(
            "malformed-request",
            400,
            "Begäran går inte att läsa",
            "Innehållet är inte giltig JSON i UTF-8, eller så är adressen felaktigt kodad.",
        ),
        Kind(
            "authentication-required",
            401,
            "Inloggning krävs",
            "Skicka en API-nyckel i huvudet Authorization: Bearer <nyckel>.",
        ),
        Kind(
            "invalid-token",
            401,
            "Nyckeln gäller inte",
            "Nyckeln är okänd, har gått ut eller är återkallad. Skaffa en ny.",
        ),
        Kind("forbidden", 403, "Behörighet saknas", "Du når uppgiften men får inte göra detta med den."),
        Kind(
            "not-found",
            404,
            OUTSIDE.removesuffix("."),
            "Adressen eller uppgiften finns inte, eller ligger utanför det du har behörighet till.",
        ),
        Kind(
            "method-not-allowed",
            405,
            "Metoden går inte att använda här",
            "Huvudet Allow räknar upp de metoder som går att använda.",
        ),
        Kind("not-acceptable", 406, "Formatet finns inte", "API:et svarar med application/json."),
        Kind(
            "conflict",
            409,
            "Krockar med något som redan finns",
            "Uppgiften stämmer inte med det som redan är sparat. Hämta den på nytt och försök igen.",
        ),
        Kind(
            "request-in-progress",
            409,
            "Samma begäran behandlas redan",
            "En begäran med samma Idempotency-Key pågår. Vänta en stund och skicka den igen.",
        ),
        Kind(
            "precondition-failed",
            412,
            "Uppgiften har ändrats av någon annan",
            "If-Match anger en annan version än den som finns nu. Hämta uppgiften på nytt.",
        ),
        Kind("body-too-large", 413, "Begäran är för stor", "Dela upp innehållet i flera mindre begäranden."),
        Kind("unsupported-media-type", 415, "Formatet går inte att ta emot", "Skicka application/json."),
        Kind(
            "idempotency-key-reused",
            422,
            "Idempotency-Key hör till en annan begäran",
            "Nyckeln har använts för en begäran med annat innehåll, annan adress eller annan behörighet. "
            "Använd en ny nyckel för varje ny begäran.",
        ),
        Kind(
            "precondition-required",
            428,
            "Version behöver anges",
            "Skicka If-Match med den ETag du fick när du hämtade uppgiften.",
        ),
        Kind("too-many-requests", 429, "För många begäranden", "Vänta så länge som Retry-After anger."),
        Kind(
            "internal-error",
            500,
            "Något gick fel hos oss",
            "Felet är antecknat. Uppge request_id om du hör av dig.",
        ),
        Kind("unavailable", 503, "Tjänsten går inte att nå just nu", "Försök igen om en stund."),
    )
}

# Of an exception that has no kind of its own.
SLUG_BY_STATUS = {
    400: "malformed-request",
    401: "authentication-required",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    412: "precondition-failed",
    413: "body-too-large",
    415: "unsupported-media-type",
    428: "precondition-required",
    429: "too-many-requests",
    503: "unavailable",
}
