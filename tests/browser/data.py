"""Loads the demo into the database of the settings and prints, as JSON, what the browser tests need of it."""

import json
from importlib import import_module

import django
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command


def main() -> None:
    django.setup()
    call_command("demo")
    print(json.dumps({"sessions": sessions(), "rows": rows()}))


def sessions() -> dict[str, str]:
    """The demo account's name → the key of a session that is logged in as it."""
    from sbs_portal.demo.accounts import ACCOUNTS, user

    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = {}
    for account in ACCOUNTS:
        who, session = user(account.name), store()
        session[SESSION_KEY] = str(who.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = who.get_session_auth_hash()
        session.create()
        keys[account.name] = session.session_key
    return keys


def rows() -> dict[str, str]:
    """A word for each row that the tests open → what its address ends with."""
    from programmes.models import Participation, Support
    from sbs_portal.accounts.models import User
    from sbs_portal.api.tokens import issue_token
    from sbs_portal.audit.models import Statement
    from sbs_portal.demo.cases import alvdalen, exempelby, trollhattan, uddevalla
    from sbs_portal.scope import NATIONAL, bound
    from schools.models import Access, Huvudman, Person, SchoolCalendar, SchoolUnit
    from schools.services.invitation import invite
    from seminars.models import Delegation, Meeting, MeetingSeries, Outcome, Seminar

    with bound(NATIONAL):
        participation = {one.huvudman.name: one for one in Participation.objects.select_related("huvudman")}
        held = Meeting.objects.of(participation[exempelby.NAME]).held()
        reader = Access.objects.get(user__email="namnd@demo.example")
        invitation, _ = invite(
            email="ny.rektor@demo.example", role="reader", huvudman=reader.huvudman, by=NATIONAL
        )
        key, _ = issue_token(
            user=User.objects.get(email="forvaltning@demo.example"), name="Verksamhetssystemet"
        )
        found = {
            "huvudman": Huvudman.objects.get(name=uddevalla.NAME),
            "unit": SchoolUnit.objects.get(name="Västerskolan"),
            "person": Person.objects.get(user__email="rektor@demo.example"),
            "uddevalla": participation[uddevalla.NAME],
            "exempelby": participation[exempelby.NAME],
            "unknown_start": Participation.objects.filter(start_term=None).first(),
            "next_meeting": Meeting.objects.of(participation[exempelby.NAME]).upcoming().first(),
            "meeting_now": Meeting.objects.of(participation[exempelby.NAME]).to_write_on(),
            "held_meeting": held.first(),
            "action": Outcome.objects.filter(meeting__in=held).open_actions().first(),
            "month_meeting": Meeting.objects.of(participation[uddevalla.NAME]).first(),
            "series": MeetingSeries.objects.filter(participation=participation[exempelby.NAME]).first(),
            "delegation": Delegation.objects.filter(huvudman__name=alvdalen.NAME).first(),
            "seminar": Seminar.objects.get(huvudman_links__huvudman__name=alvdalen.NAME),
            "development_day": Seminar.objects.get(huvudman_links__huvudman__name=trollhattan.NAME),
            "support": Support.objects.filter(participation=participation[exempelby.NAME]).first(),
            "school_calendar": SchoolCalendar.objects.order_by("school_year").first(),
            "access": reader,
            "account": reader.user,
            "invitation": invitation,
            "key": key,
            "waiting": Statement.objects.waiting().first(),
            "rejected": Statement.objects.filter(review="rejected").first(),
        }
        return {word: str(row.uuid) for word, row in found.items()} | {"resource": "meetings"}


if __name__ == "__main__":
    main()
