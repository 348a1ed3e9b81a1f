"""What a browser asks of a meeting's pages and sends to them, and what then stands in the database."""

from sbs_portal.scope import NATIONAL, bound
from seminars.models import Attendance, Outcome


def page(client, url, status=200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def write_url(meeting) -> str:
    return f"/traffar/{meeting.uuid}/anteckna/"


def sent(meeting, **changes) -> dict:
    """What a browser sends when nothing but ``changes`` has been touched."""
    data = {"seen_total": "", "total_on_site": "", "ny-kind": "decision", "ny-text": "", "ny-due": "next"}
    with bound(NATIONAL):
        for line in Attendance.objects.filter(meeting=meeting):
            data[f"narvaro-{line.uuid}-seen"] = f"{line.version}:{line.status or ''}:{line.substitute_name}"
            if line.status:
                data[f"narvaro-{line.uuid}-status"] = line.status
    return data | changes


def statuses(meeting) -> dict:
    with bound(NATIONAL):
        lines = Attendance.objects.filter(meeting=meeting).select_related("person")
        return {line.person.name: line.status for line in lines}


def texts(meeting) -> list:
    with bound(NATIONAL):
        return list(Outcome.objects.filter(meeting=meeting).order_by("pk").values_list("kind", "text"))
