"""What the cases share: programmes, providers, focus areas, rounds."""

from django.utils.text import slugify

from programmes.models import Cohort, FocusArea, Programme
from sbs_portal.time import Term
from schools.models import Municipality, Provider


def programme() -> Programme:
    """Samverkan för bästa skola, with the two mandates it began under."""
    return Programme.objects.get_or_create(
        code="sbs",
        defaults={
            "name": "Samverkan för bästa skola",
            "terms": 6,
            "mandates": "U2015/03357/S, U2017/00301/S",
            "description": "Treårigt stöd till huvudmän vars skolor och förskolor har svåra förutsättningar.",
        },
    )[0]


def sibling_programme() -> Programme:
    """Riktade insatser för nyanlända: works alike, and is a row like any other."""
    return Programme.objects.get_or_create(
        code="nyanlanda", defaults={"name": "Riktade insatser för nyanlända", "terms": 6}
    )[0]


def provider(name: str, kind: str = "university", *, is_fictional: bool = False) -> Provider:
    return Provider.objects.get_or_create(name=name, defaults={"kind": kind, "is_fictional": is_fictional})[0]


def skolverket() -> Provider:
    return provider("Skolverket", "authority")


def focus_area(name: str) -> FocusArea:
    return FocusArea.objects.get_or_create(code=slugify(name), defaults={"name": name})[0]


def cohort(start: Term) -> Cohort:
    return Cohort.objects.get_or_create(programme=programme(), start_term=start)[0]


def municipality(code: str) -> Municipality:
    return Municipality.objects.get(code=code)
