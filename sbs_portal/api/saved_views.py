"""``?view=<id>``: a list of the API as a saved view has it.

The view's filters and order count as if they were sent; what is sent beside it goes before. The filters have the
same names in both faces. The order is in the page's columns, and is followed as far as the resource has them.
"""

from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from sbs_portal.api.filters import OrderingBackend, ordering_columns
from sbs_portal.api.keyset import CURSOR, START, keyset_columns
from sbs_portal.filters import as_uuid
from sbs_portal.lists.models import SavedView
from sbs_portal.web.lists import LISTS

PARAMETER = "view"
MEANING = (
    "Id för en sparad vy av den här listan: dess filter och ordning gäller som om de skickades. "
    "Det som skickas därutöver går före. Kolumner som resursen inte kan ordnas efter hoppas över."
)
NOT_FOUND = "Vyn finns inte, eller så saknar du behörighet."


def lists_of(view) -> dict[str, type]:
    """The pages' lists of the resource's rows that are filtered as it is."""
    filters = getattr(view, "filterset_class", None)
    return {
        name: one
        for name, one in LISTS.items()
        if filters and one.model is view.queryset.model and one.filterset_class is filters
    }


def merged(request, view) -> QueryDict:
    """The request's parameters with the saved view's beneath them. Raises a 400 where there is no such view."""
    asked = request.query_params
    if PARAMETER not in asked:
        return asked
    lists = lists_of(view)
    found = _found(asked[PARAMETER], request.scope)
    if found.list_name not in lists:
        raise ValidationError({PARAMETER: ["Vyn hör till en annan lista."]})
    shown = lists[found.list_name]
    query = asked.copy()
    kept = QueryDict(found.query)
    for name, values in [*((name, [value]) for name, value in shown.fixed.items()), *kept.lists()]:
        if name in view.filterset_class.base_filters and name not in query:
            query.setlist(name, values)
    order = _order(shown().table.sort_keys(kept), shown, view)
    if order and OrderingBackend.parameter not in query and _follows(order, query, view):
        query[OrderingBackend.parameter] = ",".join(order)
    return query


def _found(value: str, scope) -> SavedView:
    known = as_uuid(value)
    if known is None:
        raise ValidationError({PARAMETER: ["Ange ett id (UUID)."]})
    found = SavedView.objects.visible_to(scope).filter(uuid=known).first()
    if found is None:
        raise ValidationError({PARAMETER: [NOT_FOUND]})
    return found


def _order(keys: tuple[str, ...], shown, view) -> list[str]:
    """The page's order in the resource's names."""
    columns = {column.name: column.order_by[0] for column in shown().table.columns if column.order_by}
    names = {column: name for name, column in ordering_columns(view).items()}
    order = []
    for key in keys:
        name = names.get(columns[key.removeprefix("-")])
        if name:
            order.append(f"-{name}" if key.startswith("-") else name)
    return order


def _follows(order: list[str], query: QueryDict, view) -> bool:
    """Whether the list can be paged by the order: a cursor follows one column, and holds it from then on."""
    if CURSOR not in query:
        return True
    at_start = query[CURSOR] in ("", START)
    return at_start and len(order) == 1 and order[0].removeprefix("-") in keyset_columns(view)
