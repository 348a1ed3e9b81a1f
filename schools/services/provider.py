"""Lärosäten and other providers."""

from sbs_portal.rights import Action
from sbs_portal.rows import changed, checked, for_change, saved
from sbs_portal.scope import require
from sbs_portal.together import Steps, service
from schools.models import Provider

PROVIDER_FIELDS = frozenset({"name", "short_name", "kind", "is_fictional"})


@service
def register_provider(
    *, name: str, kind: str, short_name: str = "", is_fictional: bool = False, by
) -> Steps[Provider]:
    """A lärosäte, an authority or a company that gives support."""
    require(by, Action.CATALOGUE_CHANGE)
    provider = Provider(
        name=name.strip(), kind=kind, short_name=short_name.strip(), is_fictional=is_fictional
    )
    yield checked(provider)
    return (yield saved(provider))


@service
def change_provider(*, provider: Provider, by, **changes) -> Steps[Provider]:
    """Change any of PROVIDER_FIELDS."""
    return (yield from changed((yield from for_change.steps(provider, by)), changes, PROVIDER_FIELDS))
