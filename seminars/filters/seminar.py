"""Filters of seminars and their parts, in the browser and the API, and the search that other pages share."""

import django_filters as df
from django.db.models import Q

from sbs_portal.filters import BooleanFilter, FilterSet, RelatedFilter
from sbs_portal.web.date_filters import ImpreciseDateFilter
from sbs_portal.web.filters import Pill
from schools.filters import UNIT, HuvudmanRelatedFilter
from seminars.models import (
    Delegate,
    Delegation,
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    SeminarHuvudman,
    SeminarKind,
    SeminarUnit,
    Session,
)


def matching(seminars, text: str):
    """Seminars whose kind, title, topic, place or one of the huvudmän's names holds the text."""
    text = text.strip()
    kinds = [kind for kind in SeminarKind if text.lower() in kind.label]
    links = SeminarHuvudman.objects.filter(name__icontains=text).values("seminar_id")
    return seminars.filter(
        Q(title__icontains=text)
        | Q(topic__icontains=text)
        | Q(place__icontains=text)
        | Q(kind__in=kinds)
        | Q(pk__in=links)
    )


class SeminarFilter(FilterSet):
    q = df.CharFilter(
        method="search", max_length=200, label="Sök", help_text="Text i rubrik, plats, slag eller huvudman"
    )
    starts = ImpreciseDateFilter(
        "starts", label="När", help_text="Dag, månad, termin eller år då seminariet kan ha börjat"
    )
    huvudman = HuvudmanRelatedFilter("huvudman_links__huvudman", distinct=True)
    participation = RelatedFilter(
        "huvudman_links__participation", distinct=True, label="Deltagande", help_text="Deltagandets id"
    )
    former = {"slag": ("kind", {})}

    class Meta:
        model = Seminar
        fields = ("kind", "status")

    def search(self, queryset, name, value):
        return matching(queryset, value)


class OfSeminar(FilterSet):
    seminar = RelatedFilter("seminar", label="Seminarium", help_text="Seminariets id")


class SeminarHuvudmanFilter(OfSeminar):
    huvudman = HuvudmanRelatedFilter()

    class Meta:
        model = SeminarHuvudman
        fields = ()


class DelegationFilter(SeminarHuvudmanFilter):
    class Meta:
        model = Delegation
        fields = ("trust",)


class DelegateFilter(FilterSet):
    delegation = RelatedFilter("delegation", label="Delegation", help_text="Delegationens id")
    seminar = RelatedFilter("delegation__seminar", label="Seminarium", help_text="Seminariets id")
    unit = RelatedFilter("unit", natural_keys=UNIT, label="Enhet", help_text="Skolenhetens id eller kod")

    class Meta:
        model = Delegate
        fields = ("role",)


class SessionFilter(OfSeminar):
    class Meta:
        model = Session
        fields = ("kind",)


class PresentationFilter(SeminarHuvudmanFilter):
    session = RelatedFilter("session", label="Programpunkt", help_text="Programpunktens id")

    class Meta:
        model = Presentation
        fields = ()


class SeminarUnitFilter(SeminarHuvudmanFilter):
    unit = RelatedFilter("unit", natural_keys=UNIT, label="Enhet", help_text="Skolenhetens id eller kod")
    is_represented = BooleanFilter(label="Om enheten hade någon på plats")

    class Meta:
        model = SeminarUnit
        fields = ("trust",)


class ReflectionWordFilter(OfSeminar):
    class Meta:
        model = ReflectionWord
        fields = ()


class LessonFilter(OfSeminar):
    class Meta:
        model = Lesson
        fields = ()


PILLS = (
    Pill("Alla"),
    Pill("Planerade", (("status", "planned"),)),
    Pill("Hållna", (("status", "held"),)),
    Pill("Inställda", (("status", "cancelled"),)),
)
