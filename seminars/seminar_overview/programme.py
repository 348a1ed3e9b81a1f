"""What a seminar holds: sessions, presentations, words and lessons."""

from functools import cached_property

from seminars.models import Lesson, Presentation, ReflectionWord, Session
from seminars.seminar_overview.participants import Participants

WORD_SIZES = 5


class Contents(Participants):
    """The programme, as the reader is told it."""

    @cached_property
    def sessions(self) -> list[Session]:
        return list(self._parts(Session))

    @cached_property
    def presentations(self) -> list[Presentation]:
        """With ``shown_by``: readers are told the huvudman and no other name."""
        found = list(self._parts(Presentation).select_related("session"))
        for one in found:
            own = self.names.get(one.huvudman_id, "")
            one.shown_by = one.presented_by if self.sees_people else own
        return found

    @cached_property
    def words(self) -> list[ReflectionWord]:
        """With ``size`` 1 to 5 by count; all alike where no count is known."""
        found = list(self._parts(ReflectionWord))
        most = max((one.count or 0 for one in found), default=0)
        for one in found:
            one.size = 3 if not most else max(1, round(WORD_SIZES * (one.count or 0) / most))
        return found

    @property
    def words_are_counted(self) -> bool:
        return any(one.count is not None for one in self.words)

    @cached_property
    def lessons(self) -> list[Lesson]:
        return list(self._parts(Lesson))
