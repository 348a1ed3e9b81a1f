import contextlib
import gc
from collections.abc import Iterator

from django.core.management.commands import migrate
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

from sbs_portal.db.roles import as_owner


class Command(migrate.Command):
    """Django's migrate, as the owner of the schema: the portal's own role may not change it."""

    def handle(self, *args, **options):
        with as_owner(), _without_needless_rendering():
            return super().handle(*args, **options)


@contextlib.contextmanager
def _without_needless_rendering() -> Iterator[None]:
    """A constraint, an index or a trigger is added to the model as it stands.

    Django makes every model that is related to it anew instead, some fifty of ours each time, and the
    discarded ones keep the garbage collector busy: a first migrate took 33 seconds, and takes 14.
    """
    append, forwards = ProjectState._append_option, AddTrigger.state_forwards
    ProjectState._append_option = _append_option
    AddTrigger.state_forwards = lambda self, app_label, state: _append_option(
        state, app_label, self.model_name_lower, "triggers", self.trigger
    )
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        ProjectState._append_option, AddTrigger.state_forwards = append, forwards
        if collecting:
            gc.enable()


def _append_option(state: ProjectState, app_label: str, model_name: str, option: str, added) -> None:
    options = state.models[app_label, model_name].options
    options[option] = [*options.get(option, []), added]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option, options[option])
