"""Settings of the API's description; read by settings.py, so nothing is imported here."""

API_VERSION = "1.0.0"
API_RELEASED = "2026-11-22"
API_STATUS = "active"

_PROBLEM = {
    "type": "object",
    "description": "Ett fel enligt RFC 9457.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Felets slag, en beständig adress.",
        },
        "title": {"type": "string", "description": "Felets slag i ord."},
        "status": {"type": "integer", "description": "HTTP-status."},
        "detail": {"type": "string", "description": "Vad som hände den här gången."},
        "instance": {"type": "string", "format": "uri-reference", "description": "Adressen som anropades."},
        "request_id": {
            "type": ["string", "null"],
            "format": "uuid",
            "description": "Anropets id. Uppge det om du hör av dig.",
        },
        "invalid_parameters": {
            "type": "array",
            "description": "Vad som behöver ändras.",
            "items": {
                "type": "object",
                "required": ["property", "reason"],
                "properties": {
                    "property": {
                        "type": "string",
                        "description": "Fält eller parameter, med punkt mellan nivåerna. Tomt gäller hela begäran.",
                    },
                    "reason": {"type": "string", "description": "Varför värdet inte går att använda."},
                },
            },
        },
        "rows": {
            "type": "array",
            "description": "För en begäran om flera rader: ett svar för varje rad.",
            "items": {
                "type": "object",
                "required": ["index", "status"],
                "properties": {
                    "index": {"type": "integer", "description": "Radens plats i begäran, från 0."},
                    "status": {"type": "integer", "description": "Radens status; 424 om det är andra rader."},
                    "detail": {"type": "string", "description": "Vad som är fel med raden."},
                    "errors": {
                        "type": "object",
                        "description": "Skälen, per fält. Ett tomt namn gäller hela raden.",
                        "additionalProperties": {"type": "array", "items": {"type": "string"}},
                    },
                },
            },
        },
    },
    "examples": [
        {
            "type": "/api/problems/validation-error",
            "title": "Uppgifter behöver ändras",
            "status": 400,
            "detail": "Det här behöver ändras: limit.",
            "instance": "/api/v1/meetings",
            "request_id": "6f1a7c1e-7f0a-4a53-9d1e-0f6f0d7b3c11",
            "invalid_parameters": [{"property": "limit", "reason": "Ange ett heltal från 1 till 200."}],
        }
    ],
}

_DESCRIPTION = """\
Fakta om huvudmän, skolenheter, deltaganden, träffar och seminarier inom Samverkan för bästa skola.

**Nyckel.** Skicka `Authorization: Bearer <nyckel>`. En nyckel når aldrig mer än kontot den hör till, och kan
vara begränsad till läsning och till vissa huvudmän.

**Listor** delas upp med `limit` (20 om inget anges, högst 200) och `page`. Med `cursor=*` bläddrar du i stället från
rad till rad: inget hoppas över eller kommer två gånger när rader tillkommer, och sista sidan går lika fort som den
första. En okänd parameter, ett okänt fält eller en okänd ordning ger 400 med de kända namnen.

**Urval.** `fields=` visar bara några fält. `expand=` visar det som annars är ett id, så långt du når.

**Ändrat sedan sist.** `modified_since=` ger det som ändrats sedan en tid, och i `_deleted` det som inte längre finns i
listan. Fråga nästa gång från `_meta.next_modified_since`; samma rad kan då komma två gånger. En del av något räknas
som ändrad också när helheten har ändrats. Får du ny behörighet behöver du läsa hela listan på nytt.

**Versioner.** Varje uppgift har en `ETag`. PUT och DELETE kräver den i `If-Match`, PATCH tar hänsyn till den om den
skickas. Har någon annan hunnit före blir svaret 412. Med `If-None-Match` blir svaret 304 när inget har ändrats.

**Flera rader** skapas och ändras med POST och PATCH till resursens adress följd av `/bulk`. Alla eller inga sparas, och
varje rad får ett svar.

**Skicka igen.** Med `Idempotency-Key` på en POST kan du skicka samma begäran igen utan att något görs två gånger.

**Id** är alltid en UUID. Där det finns en naturlig nyckel, till exempel skolenhetskod, går den också att använda.

**Tider** är UTC enligt RFC 3339. Datum som bara är kända till månad, termin eller år skrivs med sin precision.

**Fel** är `application/problem+json` enligt RFC 9457. Fältet `type` är beständigt och leder till en förklaring.

**Servicenivå.** API:et har samma öppettider som portalen och ingen utlovad svarstid. Inom version 1 läggs fält
till men tas inte bort; bortse därför från fält du inte känner till.
"""

SPECTACULAR_SETTINGS = {
    "TITLE": "SBS-portalens API",
    "DESCRIPTION": _DESCRIPTION,
    "VERSION": API_VERSION,
    "LICENSE": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/sv/"},
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "SERVE_PUBLIC": True,
    "SORT_OPERATION_PARAMETERS": False,
    "PREPROCESSING_HOOKS": ["sbs_portal.api.schema.without_trailing_slashes"],
    "POSTPROCESSING_HOOKS": ["sbs_portal.api.schema.finished"],
    "APPEND_COMPONENTS": {"schemas": {"Problem": _PROBLEM}},
}
