"""The address of a row's page: a list links to hundreds, and the pattern is the same for all of them."""

from functools import cache
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

_SOME = UUID(int=0)


def address_of(name: str, uuid: UUID) -> str:
    """What ``reverse(name, args=[uuid])`` gives; the pattern is looked up once."""
    before, after = _around(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return f"{before}{uuid}{after}"


def address(name: str) -> str:
    """What ``reverse(name)`` gives, looked up once."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@cache
def _address(name: str, urlconf: str, prefix: str) -> str:
    return reverse(name, urlconf=urlconf)


@cache
def _around(name: str, urlconf: str, prefix: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_SOME], urlconf=urlconf).partition(str(_SOME))
    return before, after
