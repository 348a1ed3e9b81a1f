"""A seminar that two huvudmän share, for the tests of pages and of the API."""

from datetime import date

import pytest

from sbs_portal.scope import NATIONAL
from schools.models import StaffRole
from seminars.services import seminar as services
from tests.factories import make_programme

DAY = date(2026, 11, 3)


class Shared:
    """A held seminar: the cast's huvudman and the stranger's, each with a delegation and a presentation."""

    def __init__(self, cast):
        by = NATIONAL
        self.seminar = services.plan_seminar(
            programme=make_programme(),
            kind="closing",
            starts=DAY,
            place="Folkets Hus",
            status="held",
            participations=[cast.participation, cast.other_participation],
            by=by,
        )
        self.delegation = services.register_delegation(
            seminar=self.seminar,
            huvudman=cast.huvudman,
            head_count=10,
            roles=[StaffRole.TEACHER],
            delegates=[
                {"person": cast.rektor_person, "role": StaffRole.REKTOR, "unit": cast.unit},
                {"person": cast.protected_person, "role": StaffRole.TEACHER, "unit": cast.unit},
            ],
            by=by,
        )
        self.other_delegation = services.register_delegation(
            seminar=self.seminar,
            huvudman=cast.other_huvudman,
            head_count=7,
            delegates=[{"person": cast.other_person, "unit": cast.other_unit}],
            by=by,
        )
        self.session = services.add_session(
            seminar=self.seminar, kind="lecture", title="Tre år på djupet", leaders="Frida Föreläsare", by=by
        )
        self.presentation = services.add_presentation(
            seminar=self.seminar,
            session=self.session,
            huvudman=cast.huvudman,
            title="Så ändrade vi mötena",
            listeners_stated=20,
            by=by,
        )
        self.other_presentation = services.add_presentation(
            seminar=self.seminar, huvudman=cast.other_huvudman, title="Läsning i alla ämnen", by=by
        )
        self.presence = services.mark_unit(seminar=self.seminar, unit=cast.unit, by=by)
        self.other_presence = services.mark_unit(seminar=self.seminar, unit=cast.other_unit, by=by)
        services.add_word(seminar=self.seminar, word="stolthet", count=12, by=by)
        services.add_word(seminar=self.seminar, word="kraft", count=3, by=by)
        services.add_lesson(
            seminar=self.seminar, text="Börja smått och håll ut.", from_whom="Lena Lärdom", by=by
        )


@pytest.fixture
def shared(cast) -> Shared:
    from sbs_portal.scope import bound

    with bound(NATIONAL):
        return Shared(cast)
