"""Lärosäten and other providers."""

from django.db import transaction

from sbs_portal.rights import Action
from sbs_portal.rows import changed, for_change
from sbs_portal.scope import require, settle
from schools.models import Provider

PROVIDER_FIELDS = frozenset({"name", "short_name", "kind", "is_fictional"})


@transaction.atomic
def register_provider(
    *, name: str, kind: str, short_name: str = "", is_fictional: bool = False, by
) -> Provider:
    """A lärosäte, an authority or a company that gives support."""
    require(by, Action.CATALOGUE_CHANGE)
    provider = Provider(
        name=name.strip(), kind=kind, short_name=short_name.strip(), is_fictional=is_fictional
    )
    provider.full_clean()
    provider.save()
    settle()
    return provider


@transaction.atomic
def change_provider(*, provider: Provider, by, **changes) -> Provider:
    """Change any of PROVIDER_FIELDS."""
    row = changed(for_change(provider, by), changes, PROVIDER_FIELDS)
    settle()
    return row
