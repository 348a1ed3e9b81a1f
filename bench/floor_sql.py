"""The floor's statements, by resource. Written by hand and to be fast; who sees which rows is the policies' to say.

They follow what the portal answers field by field, and are found out where they do not. Public holidays are left
out of the school weeks: in the invented country none decides whether a week has a school day.
"""

TODAY = "(now() AT TIME ZONE 'Europe/Stockholm')::date"
MONTHS = (
    "(ARRAY['januari','februari','mars','april','maj','juni','juli','augusti','september','oktober',"
    "'november','december'])"
)
MONTHS_SHORT = "(ARRAY['jan','feb','mars','apr','maj','juni','juli','aug','sep','okt','nov','dec'])"
WEEKDAYS_SHORT = "(ARRAY['mån','tis','ons','tor','fre','lör','sön'])"
NUMBERS = "(ARRAY['en','två','tre','fyra','fem','sex','sju','åtta','nio','tio','elva','tolv'])"


def moment(column: str) -> str:
    """A time as the API writes it: in UTC, to the second."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


def term(number: str) -> str:
    """HT2018, from how a term is stored."""
    return f"""(CASE {number} %% 2 WHEN 1 THEN 'HT' ELSE 'VT' END || {number} / 2)"""


def term_in_words(number: str) -> str:
    """höstterminen 2018."""
    return f"""(CASE {number} %% 2 WHEN 1 THEN 'höstterminen ' ELSE 'vårterminen ' END || {number} / 2)"""


def term_of(day: str) -> str:
    """How the term of a day is stored."""
    return f"(2 * extract(year FROM {day})::int + (extract(month FROM {day}) > 6)::int)"


def number_in_words(number: str) -> str:
    return f"coalesce({NUMBERS}[{number}], {number}::text)"


def day_in_words(day: str) -> str:
    """tis 24 apr; 24 apr; 24 apr 2018: the nearer, the more of it."""
    told = f"extract(day FROM {day})::int || ' ' || {MONTHS_SHORT}[extract(month FROM {day})::int]"
    return f"""CASE WHEN abs({day} - t.today) <= 14
        THEN {WEEKDAYS_SHORT}[extract(isodow FROM {day})::int] || ' ' || {told}
        WHEN extract(year FROM {day}) = extract(year FROM t.today) THEN {told}
        ELSE {told} || ' ' || extract(year FROM {day})::int END"""


def imprecise(name: str) -> str:
    """A date as exactly as it is known, of its three columns."""
    day, precision, text = f"{name}_date", f"{name}_precision", f"{name}_text"
    month = f"{MONTHS}[extract(month FROM {day})::int]"
    year = f"extract(year FROM {day})::int"
    return f"""json_build_object(
      'date', CASE {precision} WHEN 'day' THEN {day}::text WHEN 'month' THEN to_char({day}, 'YYYY-MM')
        WHEN 'term' THEN {term(term_of(day))} WHEN 'year' THEN ({year})::text END,
      'precision', {precision},
      'text', CASE WHEN {text} <> '' THEN {text} ELSE CASE {precision}
        WHEN 'day' THEN extract(day FROM {day})::int || ' ' || {month} || ' ' || {year}
        WHEN 'month' THEN {month} || ' ' || {year} WHEN 'term' THEN {term_in_words(term_of(day))}
        WHEN 'year' THEN ({year})::text ELSE 'okänt datum' END END)"""


MEETING = f"""
  m.uuid AS id,
  (SELECT s.uuid FROM seminars_meetingseries s WHERE s.id = m.series_id) AS series,
  m.number,
  (SELECT coalesce(json_agg(p.uuid ORDER BY l.id), '[]') FROM seminars_meetingparticipation l
    JOIN programmes_participation p ON p.id = l.participation_id WHERE l.meeting_id = m.id) AS participations,
  (SELECT coalesce(json_agg(u.uuid ORDER BY l.id), '[]') FROM seminars_meetingunit l
    JOIN schools_schoolunit u ON u.id = l.unit_id WHERE l.meeting_id = m.id) AS units,
  m.kind, m.title, {imprecise("m.when")} AS "when", m.start_time, m.end_time, m.mode, m.place, m.status,
  m.cancelled_reason, m.moved_reason, m.agenda, m.total_on_site,
  (SELECT json_build_object('expected', count(*), 'present',
      count(*) FILTER (WHERE a.status IN ('present', 'substitute')))
    FROM seminars_attendance a WHERE a.meeting_id = m.id) AS attendance, m.version,
  {moment("m.created_at")} AS created_at, {moment("m.updated_at")} AS updated_at"""

UNIT = f"""
  u.uuid AS id, u.unit_code, u.name, u.school_name, v.huvudman, v.status,
  coalesce(v.school_forms, '{{}}') AS school_forms,
  (SELECT coalesce(json_agg(a.name ORDER BY a.name), '[]') FROM schools_unitalias a
    WHERE a.unit_id = u.id) AS aliases,
  u.version, {moment("u.archived_at")} AS archived_at,
  {moment("u.created_at")} AS created_at, {moment("u.updated_at")} AS updated_at"""

UNIT_NOW = f"""
  LEFT JOIN LATERAL (
    SELECT h.uuid AS huvudman, w.status, w.school_forms FROM schools_schoolunitversion w
    JOIN schools_huvudman h ON h.id = w.huvudman_id
    WHERE w.unit_id = u.id AND (w.valid_from IS NULL OR w.valid_from <= {TODAY})
      AND (w.valid_to IS NULL OR w.valid_to >= {TODAY}) LIMIT 1) v ON true"""

# Which day today is, the last day that is known, and whether anything can be late. OFFSET 0 here and below: worked
# out once, wherever it is read.
DAY = f"""
  CROSS JOIN LATERAL (
    SELECT x.today, CASE p.status WHEN 'completed' THEN x.today ELSE least(x.today, p.known_through) END AS known,
      p.status IN ('active', 'paused') AND (p.known_through IS NULL OR p.known_through >= x.today) AS watched
    FROM (SELECT {TODAY} AS today) x OFFSET 0) t"""

SENTENCE = f"""CASE c.kind
    WHEN 'term' THEN 'Termin ' || c.number || ' av ' || k.whole
      || CASE WHEN c.number > p.total_terms THEN ', i förlängningen' ELSE '' END || '.'
    WHEN 'not_started' THEN 'Börjar ' || {term_in_words("p.start_term")} || '.'
    WHEN 'ended' THEN 'Avslutad för ' || {number_in_words("c.ago")}
      || CASE c.ago WHEN 1 THEN ' termin sedan.' ELSE ' terminer sedan.' END
    ELSE 'Pausad ' || {term_in_words("k.at")} || CASE WHEN c.number IS NULL THEN '. Terminen räknas inte.'
      ELSE '. Terminen räknas ändå, som termin ' || c.number || ' av ' || k.whole || '.' END END"""

# Where in the programme it is, on the last day known: k.at is that day's term, k.counted the terms counted before
# it, k.whole all of them, k.stopped whether a pause stands in it.
TERM = f"""
  (SELECT json_build_object('kind', c.kind, 'number', c.number, 'total', k.whole, 'low', c.number,
      'high', c.number, 'sentence', {SENTENCE}, 'term', {term("k.at")}, 'on', t.known)
    FROM (
      SELECT {term_of("t.known")} AS at,
        p.total_terms + coalesce((SELECT sum(e.terms) FROM programmes_termextension e
          WHERE e.participation_id = p.id), 0) AS whole,
        (SELECT count(*) FROM generate_series(p.start_term, {term_of("t.known")} - 1) g
          WHERE NOT EXISTS (SELECT FROM programmes_termpause x WHERE x.participation_id = p.id
            AND NOT x.counts AND x.first_term <= g AND (x.last_term IS NULL OR x.last_term >= g))) AS counted,
        coalesce((SELECT bool_or(NOT x.counts) FROM programmes_termpause x WHERE x.participation_id = p.id
          AND x.first_term <= {term_of("t.known")}
          AND (x.last_term IS NULL OR x.last_term >= {term_of("t.known")}))) AS stopped OFFSET 0) k
    CROSS JOIN LATERAL (
      SELECT CASE WHEN k.at < p.start_term THEN 'not_started' WHEN k.counted >= k.whole THEN 'ended'
        WHEN k.stopped IS NOT NULL THEN 'paused' ELSE 'term' END AS kind,
        CASE WHEN k.at >= p.start_term AND k.counted < k.whole AND k.stopped IS NOT TRUE
          THEN k.counted + 1 END AS number,
        CASE WHEN k.counted >= k.whole THEN k.at - (SELECT g FROM generate_series(p.start_term, k.at) g
          WHERE NOT EXISTS (SELECT FROM programmes_termpause x WHERE x.participation_id = p.id
            AND NOT x.counts AND x.first_term <= g AND (x.last_term IS NULL OR x.last_term >= g))
          ORDER BY g OFFSET k.whole - 1 LIMIT 1) END AS ago OFFSET 0) c)"""

# The last meeting held. A link to a meeting repeats when that is, and has an index by it.
LAST = """
  LEFT JOIN LATERAL (
    SELECT l.* FROM seminars_meetingparticipation l
    WHERE l.participation_id = p.id AND l.archived_at IS NULL AND l.status = 'held' AND l.when_date <= t.today
    ORDER BY l.when_date DESC, l.meeting_id DESC LIMIT 1) last ON true"""

PARTICIPATION_BESIDE = f"""
  JOIN schools_huvudman h ON h.id = p.huvudman_id
  JOIN programmes_programme pr ON pr.id = p.programme_id
  LEFT JOIN programmes_cohort co ON co.id = p.cohort_id
  LEFT JOIN schools_administration ad ON ad.id = p.administration_id
  LEFT JOIN programmes_participation pv ON pv.id = p.previous_id
  {DAY}
  {LAST}"""

# How many school weeks the last meeting lies back, where that is more than agreed: a week is none where all its days
# are lov, by the kommun's calendar of the läsår or else the country's.
WEEKS = """
  (SELECT CASE WHEN x.weeks > x.interval_weeks THEN x.weeks END FROM (
    SELECT s.interval_weeks, (
      SELECT count(*) FROM generate_series(date_trunc('week', last.when_date)::date + 7, t.today, '7 days') g
      WHERE daterange(g::date, g::date + 5) <@ (
        SELECT range_agg(daterange(b.starts_on, b.ends_on, '[]')) FROM schools_schoolbreak b
        WHERE s.skips_breaks AND b.starts_on <= t.today AND b.ends_on >= last.when_date AND b.calendar_id IN (
          SELECT DISTINCT ON (y.school_year) y.id FROM schools_schoolcalendar y
          WHERE y.municipality_id = h.municipality_id OR y.municipality_id IS NULL
          ORDER BY y.school_year, y.municipality_id NULLS LAST)) IS NOT TRUE) AS weeks
    FROM seminars_meetingseries s
    WHERE s.participation_id = p.id AND last.when_precision = 'day'
      AND last.when_date < t.today - 7 * s.interval_weeks
      AND s.id = (SELECT max(o.id) FROM seminars_meetingseries o WHERE o.participation_id = p.id) OFFSET 0) x)"""

SILENT = """
  (SELECT count(*) > 0 AND count(a.status) = 0 FROM seminars_attendance a
    WHERE last.total_on_site IS NULL AND a.meeting_id = last.meeting_id)"""

LACKING = """
  (SELECT l.meeting_uuid, l.when_date FROM seminars_meetingparticipation l
    WHERE l.participation_id = p.id AND l.archived_at IS NULL AND l.status = 'planned'
      AND l.when_date < t.today AND CASE l.when_precision WHEN 'day' THEN l.when_date
        WHEN 'month' THEN (l.when_date + interval '1 month -1 day')::date
        WHEN 'term' THEN (l.when_date + interval '6 months -1 day')::date
        ELSE (l.when_date + interval '1 year -1 day')::date END < t.today
    ORDER BY l.when_date DESC, l.meeting_id DESC LIMIT 1)"""

LATE_ACTIONS = """
  (SELECT count(*) AS number FROM seminars_meetingparticipation l
    JOIN seminars_outcome o ON o.meeting_id = l.meeting_id
    WHERE l.participation_id = p.id AND l.archived_at IS NULL
      AND o.kind = 'action' AND o.done_on IS NULL AND o.due_on < t.today)"""

REASONS = f"""
  CASE WHEN t.watched THEN (
    SELECT coalesce(json_agg(json_build_object('text', r.said, 'href', r.href) ORDER BY r.place), '[]') FROM (
      SELECT 1, 'Ingen träff på ' || {number_in_words("x.weeks")} || ' skolveckor.', '/traffar/' || last.meeting_uuid || '/'
        FROM (SELECT {WEEKS} AS weeks WHERE last.when_date > t.today - 730 OFFSET 0) x
      UNION ALL SELECT 2, 'Träffen ' || {day_in_words("x.when_date")} || ' saknar anteckningar.',
        '/traffar/' || x.meeting_uuid || '/' FROM {LACKING} x
      UNION ALL SELECT 3, 'Närvaron ' || {day_in_words("last.when_date")} || ' är inte ifylld.',
        '/traffar/' || last.meeting_uuid || '/' WHERE last.when_date > t.today - 730 AND {SILENT}
      UNION ALL SELECT 4, CASE WHEN x.number = 1 THEN 'En åtgärd är sen.' WHEN x.number > 1
        THEN initcap({number_in_words("x.number")}) || ' åtgärder är sena.' END,
        '/deltaganden/' || p.uuid || '/#atgarder' FROM {LATE_ACTIONS} x) r(place, said, href)
    WHERE r.said IS NOT NULL) ELSE '[]' END"""

PHASE = """
  (SELECT f.phase FROM programmes_participationphase f
    WHERE f.participation_id = p.id AND f.participating_unit_id IS NULL AND f.actual_start_date <= t.known
      AND (f.actual_end_date IS NULL OR t.known <= CASE f.actual_end_precision WHEN 'day' THEN f.actual_end_date
        WHEN 'month' THEN (f.actual_end_date + interval '1 month -1 day')::date
        WHEN 'term' THEN (f.actual_end_date + interval '6 months -1 day')::date
        ELSE (f.actual_end_date + interval '1 year -1 day')::date END)
    ORDER BY array_position(ARRAY['selection','analysis','plan','implementation','closing'], f.phase::text) DESC
    LIMIT 1)"""

PARTICIPATION = f"""
  p.uuid AS id, h.uuid AS huvudman, pr.uuid AS programme, co.uuid AS cohort, ad.uuid AS administration,
  p.status, p.registration, p.selection_basis, p.aims, {imprecise("p.decided")} AS decided,
  {term("p.start_term")} AS start_term, {imprecise("p.started")} AS started, p.total_terms, p.known_through,
  pv.uuid AS previous, {TERM} AS term, {PHASE} AS phase, {REASONS} AS late_reasons,
  p.version, {moment("p.created_at")} AS created_at, {moment("p.updated_at")} AS updated_at,
  CASE WHEN last.id IS NOT NULL
    THEN json_build_object('id', last.meeting_uuid, 'when', {imprecise("last.when")}) END AS last_meeting"""


def listed(count: str, page: str, fields: str, beside: str, order: str) -> str:
    """How many there are, and a page of them as JSON; the page's rows are chosen before anything is read beside."""
    return f"""
    SELECT (SELECT count(*) FROM {count}), coalesce((SELECT json_agg(row_to_json(x))::text FROM (
      SELECT {fields} FROM ({page} LIMIT %s OFFSET %s) {beside} ORDER BY {order}) x), '[]')"""


def one(fields: str, rows: str, alias: str) -> str:
    return f"SELECT row_to_json(x)::text FROM (SELECT {fields} FROM {rows} WHERE {alias}.uuid = %s) x"


LISTS = {
    "meetings": listed(
        "seminars_meeting WHERE archived_at IS NULL",
        "SELECT * FROM seminars_meeting WHERE archived_at IS NULL ORDER BY when_date DESC, id",
        MEETING,
        "m",
        "m.when_date DESC, m.id",
    ),
    "participations": listed(
        "programmes_participation WHERE archived_at IS NULL",
        "SELECT o.* FROM programmes_participation o JOIN schools_huvudman n ON n.id = o.huvudman_id"
        " WHERE o.archived_at IS NULL ORDER BY n.sort_key, o.id",
        PARTICIPATION,
        f"p {PARTICIPATION_BESIDE}",
        "h.sort_key, p.id",
    ),
    "school-units": listed(
        "schools_schoolunit WHERE archived_at IS NULL",
        "SELECT * FROM schools_schoolunit WHERE archived_at IS NULL ORDER BY sort_key, id",
        UNIT,
        f"u {UNIT_NOW}",
        "u.sort_key, u.id",
    ),
}
DETAILS = {
    "meetings": one(MEETING, "seminars_meeting m", "m"),
    "participations": one(PARTICIPATION, f"programmes_participation p {PARTICIPATION_BESIDE}", "p"),
    "school-units": one(UNIT, f"schools_schoolunit u {UNIT_NOW}", "u"),
}
