"""Many rows of a list changed at once: the page that says what will happen, the button that does it, and undo."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from sbs_portal.filters import as_uuid
from sbs_portal.web.addresses import ListAddress
from sbs_portal.web.bulk import MOST, BulkAction, Trial, carried_out, tried
from sbs_portal.web.views import CONFLICT, UNPROCESSABLE, ServiceFormView

SHOWN = 10
UNDO = "bulk_undo"
CHANGED = "har ändrats sedan du granskade. Se över raderna och bekräfta igen. Ingenting är sparat."


def versions_in(text: str) -> dict[str, int]:
    """Rows by id with the version they were seen in, of "id:version,id:version"; what is neither is left out."""
    found = {}
    for part in text.split(",")[:MOST]:
        row_id, _, version = part.partition(":")
        if (known := as_uuid(row_id)) is not None and version.isdecimal():
            found[str(known)] = int(version)
    return found


class BulkView(ServiceFormView):
    """Rows chosen in a list, or all that its filters give, under one change.

    Sent: ``atgard``, ``urval`` (the list's address) and ``vilka``: "kryss" (each in ``rad``), "sidan" (ids in
    ``sidan``) or "alla". What is confirmed are the rows that were shown, in the version they were shown in.
    """

    list_view = None
    back = ""
    title = "Ändra flera"
    template_name = "web/bulk.html"

    def get(self, request, *args, **kwargs):
        return self.preview() if self.asked.get("atgard") else HttpResponseRedirect(self.get_success_url())

    def post(self, request, *args, **kwargs):
        if request.GET.get("angra"):
            return self.undo(request.GET["angra"])
        return super().post(request, *args, **kwargs) if self.confirms else self.preview()

    @property
    def asked(self) -> QueryDict:
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @property
    def confirms(self) -> bool:
        return self.request.method == "POST" and "bekrafta" in self.request.POST

    @cached_property
    def action(self) -> BulkAction:
        return self._action(self.asked.get("atgard", ""))

    def _action(self, name: str) -> BulkAction:
        found = [action for action in self.list_view.bulk_actions if action.name == name]
        if not found:
            raise Http404
        if not found[0].may(self.scope):
            raise PermissionDenied("Du saknar behörighet att göra den ändringen.")
        return found[0]

    @cached_property
    def listed(self):
        """The list as the address in ``urval`` shows it."""
        listed = self.list_view()
        listed.setup(self.request)
        listed.address = ListAddress(listed.tidy(QueryDict(self.asked.get("urval", ""))))
        return listed

    @cached_property
    def rows(self) -> list:
        """The rows that were chosen and that the user may read, one more than can be changed at once."""
        if not self.confirms and self.asked.get("vilka") == "alla":
            readable = self.listed.filterset is None or self.listed.filterset.is_valid()
            return list(self.listed.rows[: MOST + 1]) if readable else []
        sent = self.asked.get("sidan", "").split(",")
        if self.confirms:
            sent = versions_in(self.asked.get("rader", ""))
        elif self.asked.get("vilka") != "sidan":
            sent = self.asked.getlist("rad")
        ids = {found for one in sent if (found := as_uuid(one)) is not None}
        found = self.listed.narrow(self._readable(ids))
        return list(self.listed.table.ordered(found, self.listed.address.query)[: MOST + 1])

    def _readable(self, ids):
        return self.list_view.readable(self.scope).filter(uuid__in=ids)

    @cached_property
    def trial(self) -> Trial:
        """The change tried on fresh rows, told of the list's."""
        shown = {row.pk: row for row in self.rows}
        fresh = self.list_view.model.objects.in_bulk(list(shown))
        trial = tried(self.action, [fresh[pk] for pk in shown if pk in fresh], self.request.user)
        return Trial(
            [shown[row.pk] for row in trial.possible],
            [(shown[row.pk], why) for row, why in trial.refused],
            trial.forbidden,
        )

    def preview(self):
        self.action  # noqa: B018  (the right is asked for before anything else)
        if not self.rows:
            messages.error(self.request, "Kryssa för minst en rad, eller välj alla i urvalet.")
            return HttpResponseRedirect(self.get_success_url())
        context = self.get_context_data()
        return self.render_to_response(context, status=UNPROCESSABLE if context["too_many"] else 200)

    def get_form_class(self):
        return self.action.form_class

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return kwargs if self.confirms else {**kwargs, "data": None, "files": None}

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        self.action.fitted(form, self.rows[:MOST], self.scope)
        return form

    def form_valid(self, form):
        rows, stale = self.locked(versions_in(self.asked.get("rader", "")))
        if not rows:
            return self.preview()
        if stale:
            context = self.get_context_data(stale=[str(row) for row in stale], stale_reason=CHANGED)
            return self.render_to_response(context, status=CONFLICT)
        self.chosen = rows
        return super().form_valid(form)

    def locked(self, versions: dict[str, int]) -> tuple[list, list]:
        """The rows the user may read, held until the answer, and those that are in another version now."""
        ids = list(self._readable(versions).values_list("pk", flat=True))
        held = self.list_view.model.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
        rows = list(held)
        return rows, [row for row in rows if row.version != versions[str(row.uuid)]]

    def perform(self, form):
        number = carried_out(self.action, self.chosen, form.cleaned_data, self.request.user)
        self.say(self.action, number, self.remembered() if self.action.undo else "")

    def say(self, action: BulkAction, number: int, undo_key: str) -> None:
        text = f"{self.list_view.counted(number)} {action.did}."
        tags = f"undo {self.request.path}?angra={undo_key}" if undo_key else ""
        messages.success(self.request, text, extra_tags=tags)

    def remembered(self) -> str:
        """The key of what was just done, kept in the session until the next change of many."""
        pks = [row.pk for row in self.chosen]
        versions = self.list_view.model.objects.filter(pk__in=pks).values_list("uuid", "version")
        key = uuid4().hex
        self.request.session[UNDO] = {
            "key": key,
            "action": self.action.undo,
            "urval": self.asked.get("urval", ""),
            "rows": {str(row_id): version for row_id, version in versions},
        }
        return key

    def undo(self, key: str):
        """Take the last change of many back, all or none."""
        done = self.request.session.get(UNDO)
        if not done or done["key"] != key:
            messages.error(self.request, "Den ändringen går inte att ångra längre.")
            return HttpResponseRedirect(reverse(self.back))
        action = self._action(done["action"])
        try:
            with transaction.atomic():
                rows, stale = self.locked(done["rows"])
                if stale or len(rows) < len(done["rows"]):
                    named = ", ".join(str(row) for row in stale[:SHOWN]) or "Några rader"
                    raise ValidationError(f"{named} har ändrats sedan dess. Ingenting är ångrat.")
                number = carried_out(action, rows, {}, self.request.user)
        except ValidationError as error:
            for message in error.messages:
                messages.error(self.request, message)
        else:
            del self.request.session[UNDO]
            self.say(action, number, "")
        return HttpResponseRedirect(self._list_url(done["urval"]))

    def _list_url(self, query: str) -> str:
        return f"{reverse(self.back)}?{query}" if query else reverse(self.back)

    def get_success_url(self):
        return self._list_url(self.listed.address.query.urlencode(safe=","))

    get_cancel_url = get_success_url

    def get_context_data(self, **kwargs):
        too_many = len(self.rows) > MOST
        trial = Trial([], [], 0) if too_many else self.trial
        self.listed.tell(trial.possible[:SHOWN])
        table = self.listed.table(trial.possible[:SHOWN], address=ListAddress(QueryDict()))
        kwargs.setdefault("form", self.get_form())
        return super().get_context_data(
            action=self.action,
            too_many=too_many,
            too_many_words=f"Ändra högst {MOST} åt gången. Filtrera listan, och ta resten sedan.",
            back_title=self.list_view.title,
            model_name=self.list_view.counted(len(trial.possible)),
            press=self.action.pressed(self.list_view.counted(len(trial.possible))),
            refused_name=self.list_view.counted(len(trial.refused)),
            forbidden_name=self.list_view.counted(trial.forbidden) if trial.forbidden else "",
            possible=trial.possible,
            refused=trial.refused[: 2 * SHOWN],
            more_refused=len(trial.refused) - 2 * SHOWN,
            more=len(trial.possible) - SHOWN,
            table=table,
            rader=",".join(f"{row.uuid}:{row.version}" for row in trial.possible),
            urval=self.listed.address.query.urlencode(safe=","),
            **kwargs,
        )
