"""How fast the portal is on a loaded country: python -m tests.synthetic.measure [--times 5] [--only WORD …]

Asks for lists, pages, files, the API and the admin as a coordinator, an editor and a reader of the country's cast
(manage.py seed_scale), in one process, without a server between. Prints what is dearest first: milliseconds of
processor time (mean of several: the portal's and PostgreSQL's; other programs on the machine do not count), the best
wall time, the number of statements, and what came back in kB.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import django

ROLES = ("samordnare", "forvaltning", "namnd")
LISTS = (
    ("deltaganden/", ("", "?ordning=huvudman", "?status=active&ordning=-start", "?antal=200", "?sida=5")),
    (
        "enheter/",
        (
            "",
            "?ordning=-huvudman",
            "?ordning=huvudman&sida=200",
            "?q=backen",
            "?school_form=GR",
            "?antal=200",
        ),
    ),
    ("huvudman/", ("", "?ordning=-units", "?sida=50", "?q=kulla")),
    (
        "traffar/",
        (
            "",
            "?sida=300",
            "?q=sambedömningen",
            "?ordning=-when",
            "?state=held",
            "?state=unrecorded",
            "?antal=200",
        ),
    ),
    ("seminarier/", ("", "?status=held")),
    ("uppgifter/", ("",)),
    ("andringar/", ("", "?model=seminars.Attendance", "?vag=admin")),
    (
        "sok/",
        (
            "?q=sambedömningen",
            "?q=kulla",
            "?q=alm",
            "?q=läsinventeringen+elevhälsan",
            "?q=990012",
            "?q=finnsinte",
        ),
    ),
    ("personer/", ("",)),
    ("behorigheter/", ("",)),
    ("kalender/", ("",)),
    ("kataloger/lasar/", ("",)),
    ("kataloger/aktorer/", ("",)),
    ("", ("",)),
)
FILES = (
    "enheter/?exportera=csv",
    "enheter/?exportera=xlsx",
    "traffar/?exportera=csv",
    "huvudman/?exportera=json",
)
ADMIN_MARK = "admin"


@dataclass
class Figure:
    role: str
    address: str
    status: int = 0
    times: list[float] = field(default_factory=list)
    portal: float = 0
    database: float = 0
    statements: int = 0
    size: int = 0

    @property
    def best(self) -> float:
        return min(self.times)


def addresses(role: str, user) -> Iterator[str]:
    """What the role is asked to look at, from the lists to one of each thing."""
    from django.contrib import admin
    from django.urls import reverse

    from programmes.models import Participation
    from sbs_portal.api_urls import RESOURCES
    from sbs_portal.scope import Scope, bound
    from schools.models import Huvudman, Person, SchoolUnit
    from seminars.models import Meeting, MeetingSeries, Seminar

    for path, queries in LISTS:
        yield from (f"/{path}{query}" for query in queries)
    with bound(Scope.of(user)) as scope:
        participation = Participation.objects.visible_to(scope).filter(status="active").order_by("pk").first()
        huvudman = Huvudman.objects.visible_to(scope).order_by("pk").first()
        of_it = Meeting.objects.visible_to(scope).filter(participation_links__participation=participation)
        objects = [
            participation,
            huvudman,
            SchoolUnit.objects.visible_to(scope).filter(participating__participation=participation).first(),
            of_it.filter(status="held").order_by("-when_date").first(),
            of_it.filter(status="planned").order_by("when_date").first(),
            MeetingSeries.objects.visible_to(scope).filter(participation=participation).first(),
            Seminar.objects.visible_to(scope).order_by("-starts_date", "pk").first(),
            Person.objects.visible_to(scope).filter(roles__huvudman=huvudman).order_by("pk").first(),
        ]
        objects = [one for one in objects if one is not None]
        newest = {model: model._default_manager.order_by("-pk").first() for model in admin.site._registry}
    for one in objects:
        yield one.get_absolute_url()
        if not isinstance(one, MeetingSeries):
            yield f"{one.get_absolute_url()}historik/"
    yield f"{participation.get_absolute_url()}?datum=2024-05-02"
    yield from (f"/{path}" for path in FILES)
    for prefix, _ in RESOURCES:
        yield f"/api/v1/{prefix}"
    for query in ("limit=100", "page=100", "status=held&limit=100", "modified_since=2026-11-01T00:00:00Z"):
        yield f"/api/v1/meetings?{query}"
    yield "/api/v1/school-units?page=100&limit=100"
    yield "/api/v1/meetings?expand=attendances&limit=100"
    if user.is_staff:
        yield reverse("admin:index")
        for model, site in admin.site._registry.items():
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            yield reverse(f"{name}_changelist")
            if site.search_fields:
                yield reverse(f"{name}_changelist") + "?q=alm"
            yield reverse(f"{name}_changelist") + "?p=50"
            if newest[model] is not None:
                yield reverse(f"{name}_change", args=[newest[model].pk])


def ask(client, role: str, address: str, times: int) -> Figure:
    from django.db import connection

    figure = Figure(role, address)
    spent = []

    def counted(execute, sql, params, many, context):
        spent.append(sql)
        return execute(sql, params, many, context)

    for number in range(times + 1):
        spent.clear()
        began, portal, database = time.perf_counter(), time.process_time(), on_processor()
        with connection.execute_wrapper(counted):
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if number == 0 and times > 1:
            # The first one warms up: it imports, compiles templates, and reads pages from disk.
            continue
        figure.times.append(1000 * (time.perf_counter() - began))
        figure.portal += 1000 * (time.process_time() - portal) / times
        figure.database += 1000 * (on_processor() - database) / times
        figure.status, figure.statements, figure.size = answer.status_code, len(spent), len(body)
        if figure.times[-1] > 2_000:
            figure.portal, figure.database = figure.portal * times, figure.database * times
            break
    return figure


def on_processor() -> float:
    """Seconds that the server's process for this connection has worked; 0 where it runs elsewhere."""
    from django.db import connection

    connection.ensure_connection()
    try:
        with open(f"/proc/{connection.connection.info.backend_pid}/schedstat") as figures:
            return int(figures.read().split()[0]) / 1e9
    except OSError:
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--but", nargs="*", default=[])
    parser.add_argument("--roles", nargs="*", default=ROLES)
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbs_portal.settings")
    django.setup()
    from django.conf import settings
    from django.test import Client

    from sbs_portal.accounts.models import User
    from sbs_portal.synthetic.register import DOMAIN

    settings.API_RATE, settings.ALLOWED_HOSTS = 0, ["*"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    figures = []
    for role in chosen.roles:
        user = User.objects.get(email=f"{role}@{DOMAIN}")
        client = Client(raise_request_exception=False)
        client.force_login(user)
        for address in dict.fromkeys(addresses(role, user)):
            asked = not chosen.only or any(word in address for word in chosen.only)
            if asked and not any(word in address for word in chosen.but):
                figures.append(ask(client, role, address, chosen.times))
    print("   total   portal database    wall stmts       kB  status", file=sys.stdout)
    for one in sorted(figures, key=lambda figure: -figure.portal - figure.database):
        cpu = f"{one.portal + one.database:8.1f} {one.portal:8.1f} {one.database:8.1f} {one.best:8.1f}"
        print(f"{cpu} {one.statements:4} {one.size / 1024:8.1f}  {one.status} {one.role} {one.address}")


if __name__ == "__main__":
    main()
