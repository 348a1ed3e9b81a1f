"""The floor's way to a new meeting of a series: its links, its units and its lines, each of them one statement.

What the portal does and no more: the number in the series, who is expected, open actions due at the next meeting.
History is written by the same triggers. All goes as one message, and ends with the row as it is answered.
"""

from bench.floor_sql import DETAILS

OUT_OF_SERIES = """
INSERT INTO seminars_meeting (uuid, created_at, updated_at, version, series_id, kind, title, number, start_time,
  end_time, mode, place, status, cancelled_reason, moved_reason, agenda, huvudman_ids, when_date, when_precision, when_text)
SELECT %s, now(), now(), 1, s.id, 'process', '',
  (SELECT coalesce(max(m.number), 0) + 1 FROM seminars_meeting m WHERE m.series_id = s.id), s.start_time, s.end_time,
  coalesce(nullif(s.mode, ''), 'on_site'), s.place, 'planned', '', '', '', ARRAY[p.huvudman_id], %s, 'day', ''
FROM seminars_meetingseries s JOIN programmes_participation p ON p.id = s.participation_id
WHERE s.uuid = %s AND p.uuid = %s"""

LINK = """
INSERT INTO seminars_meetingparticipation (uuid, created_at, updated_at, meeting_id, participation_id, meeting_uuid,
  when_date, when_precision, when_text, status)
SELECT gen_random_uuid(), now(), now(), m.id, s.participation_id, m.uuid, m.when_date, m.when_precision, '', m.status
FROM seminars_meeting m JOIN seminars_meetingseries s ON s.id = m.series_id WHERE m.uuid = %s"""

UNITS = """
INSERT INTO seminars_meetingunit (uuid, created_at, updated_at, meeting_id, unit_id)
SELECT gen_random_uuid(), now(), now(), m.id, u.unit_id
FROM seminars_meeting m JOIN seminars_meetingseries s ON s.id = m.series_id
JOIN programmes_participatingunit u ON u.participation_id = s.participation_id
JOIN schools_schoolunit n ON n.id = u.unit_id
WHERE m.uuid = %s AND (u.joined_date IS NULL OR u.joined_date <= m.when_date)
  AND (u.left_date IS NULL OR u.left_date > m.when_date)
ORDER BY n.sort_key, u.id"""

IN_ROLE = "(r.valid_from IS NULL OR r.valid_from <= m.when_date) AND (r.valid_to IS NULL OR r.valid_to >= m.when_date)"

LINES = f"""
INSERT INTO seminars_attendance (uuid, created_at, updated_at, version, meeting_id, huvudman_id, person_id, role, unit_id,
  is_required, substitute_name)
SELECT gen_random_uuid(), now(), now(), 1, m.id, seat.huvudman_id, c.person_id, c.role,
  coalesce(c.unit_id, seat.unit_id), c.is_required, ''
FROM seminars_meeting m
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (e.person_id) e.* FROM (
    SELECT a.id, a.person_id, a.role, a.unit_id, a.is_required FROM seminars_seriesattendee a
    WHERE a.series_id = m.series_id AND a.person_id IS NOT NULL
    UNION ALL
    SELECT a.id, r.person_id, a.role, a.unit_id, a.is_required FROM seminars_seriesattendee a
    JOIN schools_roleassignment r ON r.role = a.role AND r.huvudman_id = ANY (m.huvudman_ids) AND {IN_ROLE}
      AND CASE WHEN a.unit_id IS NOT NULL THEN r.unit_id = a.unit_id ELSE r.unit_id IS NULL OR r.unit_id IN (
        SELECT u.unit_id FROM seminars_meetingunit u WHERE u.meeting_id = m.id) END
    WHERE a.series_id = m.series_id AND a.person_id IS NULL) e
  ORDER BY e.person_id, e.id) c
LEFT JOIN LATERAL (
  SELECT r.huvudman_id, r.unit_id FROM schools_roleassignment r WHERE r.person_id = c.person_id AND {IN_ROLE}
  ORDER BY (r.huvudman_id = ANY (m.huvudman_ids)) IS NOT TRUE, r.unit_id IS NULL, r.id LIMIT 1) seat
  ON seat.huvudman_id = ANY (m.huvudman_ids)
WHERE m.uuid = %s"""

DUE = """
UPDATE seminars_outcome o SET due_on = d.day, updated_at = now() FROM (
  SELECT w.id, (SELECT min(m.when_date) FROM seminars_meetingparticipation l
    JOIN seminars_meetingparticipation n ON n.participation_id = l.participation_id AND n.meeting_id <> l.meeting_id
    JOIN seminars_meeting m ON m.id = n.meeting_id
    WHERE l.meeting_id = w.meeting_id AND m.archived_at IS NULL AND m.status IN ('planned', 'held')
      AND m.when_precision = 'day' AND m.when_date > b.when_date) AS day
  FROM seminars_meeting made
  JOIN seminars_meetingparticipation k ON k.meeting_id = made.id
  JOIN seminars_meetingparticipation h ON h.participation_id = k.participation_id
  JOIN seminars_meeting b ON b.id = h.meeting_id
  JOIN seminars_outcome w ON w.meeting_id = b.id
  WHERE made.uuid = %s AND w.kind = 'action' AND w.done_on IS NULL AND w.due_next_meeting) d
WHERE o.id = d.id AND o.due_on IS DISTINCT FROM d.day"""

STATEMENT = ";".join((OUT_OF_SERIES, LINK, UNITS, LINES, DUE, DETAILS["meetings"]))


def params(uuid: str, asked: dict) -> list[str]:
    """What STATEMENT takes, for a new id and the body that was sent."""
    [participation] = asked["participations"]
    return [uuid, asked["when"], asked["series"], participation, *[uuid] * 5]
