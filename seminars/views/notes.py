"""The page one writes on at a meeting, its small saves, and what one says of an action."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic.base import TemplateResponseMixin, View

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.scope import OUTSIDE
from sbs_portal.web.views import UNPROCESSABLE, PageMixin, ScopedObjectMixin, ServiceFormView
from seminars.forms.notes import ExplainForm
from seminars.models import Attendance, Meeting, Outcome
from seminars.notes import Notes, save_part
from seminars.overview import MeetingOverview
from seminars.services import meeting as services
from seminars.views.meeting import MeetingPageMixin

REMOVED = "Någon annan har tagit bort raden. Din text står i rutan för en ny rad, så inget har gått förlorat."


class MeetingWriteView(MeetingPageMixin, TemplateResponseMixin, View):
    """The page one writes on. One form: whichever button is pressed, what was typed is saved first."""

    template_name = "seminars/meeting_write.html"
    for_change = True
    change_action = Action.MEETING_RECORD
    takes_date = False

    def get(self, request, *args, **kwargs):
        notes = Notes(self.overview, editing=request.GET.get("andra", ""), kind=request.GET.get("slag", ""))
        return self.render_to_response(self.get_context_data(notes=notes))

    def post(self, request, *args, **kwargs):
        verb, _, on = request.POST.get("gor", "").partition(":")
        notes = Notes(self.overview, request.POST, editing=request.POST.get("redigerar", ""))
        if verb == "min":
            notes.choose_mine(on)
        elif verb == "valj":
            notes.choose_attendance(on)
        if notes.rescue():
            return self.again(notes, [REMOVED])
        try:
            with transaction.atomic():
                address = self.perform(notes, verb, on)
        except ValidationError as error:
            return self.again(notes, error.messages)
        return HttpResponseRedirect(address) if address else self.again(notes)

    def perform(self, notes: Notes, verb: str, on: str) -> str:
        """Save everything, then do what the button says. The address to go on to, "" when something is wrong."""
        if not notes.save(by=self.request.user):
            return ""
        page = reverse("meeting_write", args=[self.object.uuid])
        match verb:
            case "klar":
                services.finish_meeting(meeting=self.object, by=self.request.user)
                return self.object.get_absolute_url()
            case "alla":
                services.mark_all_present(meeting=self.object, by=self.request.user)
            case "kom":
                return f"{page}#narvaro" if add_attendee(notes, by=self.request.user) else ""
            case "fler" | "farre":
                services.set_total_on_site(
                    meeting=self.object,
                    total=stepped(notes, 1 if verb == "fler" else -1),
                    by=self.request.user,
                )
            case "boka":
                return f"{page}#nasta" if notes.book_next(by=self.request.user) else ""
            case "gjord" | "ogjord":
                act = services.complete_action if verb == "gjord" else services.reopen_action
                act(outcome=Outcome.objects.get_for(self.scope, uuid=on), by=self.request.user)
            case "andra":
                return f"{page}?andra={on}#rad-{on}"
            case "bort":
                services.remove_outcome(outcome=self.line(on), by=self.request.user)
            case "spara-rad" | "min":
                on = on.partition(":")[0]
                return f"{page}#rad-{on}"
            case "valj":
                return f"{page}#narvaro"
            case "lagg-till":
                return f"{page}?slag={notes.new['kind'].value()}#ny"
        anchors = {"alla": "narvaro", "fler": "antal", "farre": "antal", "gjord": "forra", "ogjord": "forra"}
        return f"{page}#{anchors.get(verb, 'rader' if verb == 'bort' else 'sparat')}"

    def line(self, on: str) -> Outcome:
        return Outcome.objects.get_for_change(self.scope, uuid=on, meeting=self.object)

    def again(self, notes: Notes, problems=()):
        self.object.refresh_from_db(fields=["status", "when_date", "total_on_site", "version", "updated_at"])
        context = self.get_context_data(notes=notes, problems=problems)
        return self.render_to_response(context, status=UNPROCESSABLE)


def stepped(notes: Notes, step: int) -> int:
    """The total one more or one fewer; it begins at those who are named."""
    overview = MeetingOverview(notes.meeting, notes.overview.scope)
    notes.meeting.refresh_from_db(fields=["total_on_site"])
    now = notes.meeting.total_on_site
    return max((overview.named if now is None else now) + step, 0)


def add_attendee(notes: Notes, *, by) -> bool:
    """Add the person chosen in the form. False, with the reason at the field, when it cannot be."""
    form = notes.attendee
    if not form.is_bound:
        form = notes.attendee = type(form)({}, people=form.fields["person"].queryset)
    if not form.is_valid():
        return False
    try:
        services.add_attendee(
            meeting=notes.meeting, person=form.cleaned_data["person"], status="present", by=by
        )
    except ValidationError as error:
        form.add_validation_error(error)
        return False
    return True


class PartView(MeetingPageMixin, TemplateResponseMixin, View):
    """A part of the writing page, saved by itself as one taps or types. Answers with how the part now stands."""

    http_method_names = ["post", "options"]
    for_change = True
    change_action = Action.MEETING_RECORD
    takes_date = False
    line = None

    def save(self, notes: Notes) -> dict:
        """Save the part. What the template shows of it."""
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        notes = Notes(self.overview, request.POST)
        context, status = {}, 200
        try:
            context = self.save(notes)
        except ValidationError:
            status = UNPROCESSABLE
        self.overview.__dict__.pop("attendances", None)
        return self.render_to_response(
            {"notes": notes, "overview": self.overview, "object": self.object, "line": self.line}
            | {"saved_at": timezone.localtime() if status == 200 else None}
            | (context or {}),
            status=status,
        )


class LinePartView(PartView):
    """A part that is one line, found by its own uuid."""

    line_model = None

    @cached_property
    def found(self):
        return self.line_model.objects.select_related("meeting").get_for_change(
            self.scope, uuid=self.kwargs["uuid"]
        )

    @cached_property
    def object(self) -> Meeting:
        return self.narrow(Meeting.objects.all()).get_for(self.scope, pk=self.found.meeting_id)


class AttendanceRecordView(LinePartView):
    line_model = Attendance
    template_name = "seminars/_attendance_state.html"

    def save(self, notes):
        self.line = next((form for form in notes.lines if form.attendance.pk == self.found.pk), None)
        if self.line is None or not self.line.may_write:
            raise PermissionDenied
        if not self.line.is_valid():
            raise ValidationError("")
        save_part(self.line, by=self.request.user)


class OutcomeSaveView(LinePartView):
    line_model = Outcome
    template_name = "seminars/_outcome_state.html"

    def save(self, notes):
        self.line = notes.outcome_form(self.found)
        if not self.line.is_valid():
            raise ValidationError("")
        save_part(self.line, by=self.request.user)


class TotalRecordView(PartView):
    change_action = Action.MEETING_CHANGE
    template_name = "seminars/_total_state.html"

    def save(self, notes):
        self.line = notes.total
        if not self.line.is_valid():
            raise ValidationError("")
        save_part(self.line, by=self.request.user)
        self.object.refresh_from_db()


class AllPresentView(PartView):
    template_name = "seminars/_attendance_list.html"

    def save(self, notes):
        services.mark_all_present(meeting=self.object, by=self.request.user)
        return {"notes": Notes(MeetingOverview(self.object, self.scope))}


class OutcomeAddView(PartView):
    template_name = "seminars/_outcome_list.html"

    def save(self, notes):
        if not notes.new.is_bound or not notes.new.is_valid():
            raise ValidationError("")
        save_part(notes.new, by=self.request.user)
        fresh = Notes(MeetingOverview(self.object, self.scope), kind=notes.new.cleaned_data["kind"])
        return {"notes": fresh, "overview": fresh.overview, "focus": True}


class ActionTickView(ScopedObjectMixin, TemplateResponseMixin, View):
    """Mark an action done, or take it back. Leads back to the page it was done on."""

    http_method_names = ["post", "options"]
    model = Outcome
    takes_date = False
    done = True
    template_name = "seminars/_action_tick.html"

    def narrow(self, queryset):
        return queryset.filter(kind="action").with_action()

    def post(self, request, *args, **kwargs):
        act = services.complete_action if self.done else services.reopen_action
        act(outcome=self.object, by=request.user)
        if request.headers.get("HX-Request"):
            self.object.refresh_from_db(fields=["done_on", "version"])
            return self.render_to_response({"action": self.object, "saved_at": timezone.localtime()})
        return HttpResponseRedirect(
            f"{back_to(request, self.object)}#klara" if self.done else back_to(request, self.object)
        )


def back_to(request, outcome: Outcome) -> str:
    """The page a button was pressed on, when it is one of ours; else the action's meeting."""
    wanted = request.POST.get("tillbaka", "") or request.GET.get("tillbaka", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted.startswith("/") and safe else outcome.meeting.get_absolute_url()


class ActionExplainView(ScopedObjectMixin, ServiceFormView):
    model = Outcome
    form_class = ExplainForm
    template_name = "seminars/action_explain.html"
    title = "Inte klar än"
    active = "meetings"
    success_message = "Sparat. De andra ser varför."

    def narrow(self, queryset):
        return queryset.filter(kind="action").with_action()

    def get_initial(self):
        return {"not_done_reason": self.object.not_done_reason}

    def perform(self, form):
        return services.explain_action(
            outcome=self.object, reason=form.cleaned_data["not_done_reason"], by=self.request.user
        )

    def get_success_url(self):
        return back_to(self.request, self.object)

    def get_cancel_url(self):
        return back_to(self.request, self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(back=back_to(self.request, self.object), **kwargs)


class WriteNowView(PageMixin, View):
    """ "Anteckna från träff": leads to the meeting one most likely means."""

    takes_date = False

    def get(self, request, *args, **kwargs):
        rows = Meeting.objects.editable_by(self.scope, Action.MEETING_RECORD).in_use()
        if wanted := request.GET.get("deltagande"):
            participation = Participation.objects.get_for(self.scope, uuid=wanted)
            rows = rows.of(participation)
        meeting = rows.to_write_on(self.today)
        if meeting is not None:
            return HttpResponseRedirect(reverse("meeting_write", args=[meeting.uuid]))
        if not self.scope.may(Action.MEETING_RECORD):
            raise Http404(OUTSIDE)
        if not self.scope.may(Action.MEETING_CHANGE):
            messages.info(
                request, "Det finns ingen träff att anteckna från. Processledaren planerar träffarna."
            )
            return HttpResponseRedirect(reverse("meeting_list"))
        query = f"?deltagande={participation.uuid}" if wanted else ""
        return HttpResponseRedirect(reverse("meeting_plan") + query)
