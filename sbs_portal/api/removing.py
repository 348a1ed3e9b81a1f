"""DELETE of what nothing depends on, and archiving of the rest."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from sbs_portal import removal
from sbs_portal.api.errors import Conflict
from sbs_portal.api.writing import DeleteMixin


class RemoveMixin(DeleteMixin):
    """DELETE where nothing depends on the row, else 409 saying what does."""

    def perform_destroy(self, row):
        try:
            self.remove(row)
        except removal.InUse as error:
            raise Conflict(" ".join(error.messages)) from error

    def remove(self, row) -> None:
        """The service; another where deleting a row means more."""
        removal.delete_if_unused(row=row, by=self.request.scope)


class ArchiveMixin(RemoveMixin):
    """Beside DELETE: POST to archive and to restore. Answers with the row as it became."""

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def archive(self, request, *args, **kwargs):
        return self.became(removal.archive(row=self.get_object(), by=request.scope))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request, *args, **kwargs):
        return self.became(removal.restore(row=self.get_object(), by=request.scope))
