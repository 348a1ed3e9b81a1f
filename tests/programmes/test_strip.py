import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template import Context, Engine

from programmes.strip import (
    Break,
    CalendarMissing,
    Claim,
    Gap,
    Meeting,
    Phase,
    Reading,
    RektorChange,
    Report,
    Seminar,
    StripData,
    StripTerm,
    Unit,
    build,
    build_small,
)
from programmes.strip.measure import ellipsis, text_width
from sbs_portal.time import ImpreciseDate, Term

TODAY = date(2026, 11, 3)
TERMS = tuple(StripTerm(Term("HT", 2025) + n, n + 1) for n in range(6))
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

ORDINARY = StripData(
    today=TODAY,
    terms=TERMS,
    phases=(
        Phase("Nulägesanalys", date(2025, 8, 18), date(2026, 1, 20), date(2025, 8, 25), date(2026, 2, 13), "/f/1/"),
        Phase("Genomförande", date(2026, 4, 1), date(2028, 4, 30), date(2026, 5, 18), None, "/f/2/"),
        Phase("Avslut", date(2028, 2, 1), date(2028, 6, 20), url="/f/3/"),
    ),
    meetings=(
        Meeting(date(2026, 2, 5), "held", "/m/1/"),
        Meeting(date(2026, 3, 5), "cancelled", "/m/2/"),
        Meeting(date(2026, 4, 23), "held", "/m/3/"),
        Meeting(date(2026, 10, 8), "held", "/m/4/"),
        Meeting(date(2026, 11, 26), "planned", "/m/5/"),
    ),
    gaps=(Gap(date(2026, 2, 5), date(2026, 4, 23), 9, 3, "/g/"),),
    breaks=(Break("Sportlov", date(2026, 2, 23), date(2026, 2, 27)),),
    calendar_missing=(
        CalendarMissing("läsårstiderna 2027/28 är inte inlagda än", date(2027, 8, 1), date(2028, 6, 30)),
    ),
    seminars=(
        Seminar(date(2026, 11, 18), "planned", "Uppföljning", "Uppföljningsseminarium", "/s/1/"),
        Seminar(date(2028, 6, 20), "planned", "Avslut", "Avslutningsseminarium", "/s/2/"),
    ),
    reports=(
        Report(date(2026, 6, 15), True, "Del 1", "Delredovisning 1", "/r/1/"),
        Report(date(2026, 11, 30), False, "Del 2", "Delredovisning 2", "/r/2/"),
    ),
    units=(
        Unit("Strandskolan 7–9", date(2025, 8, 1), None, "/e/1/", (RektorChange(date(2026, 8, 1), "/e/1/"),)),
        Unit("Lillåns förskola", date(2026, 8, 1), url="/e/2/"),
    ),
)  # fmt: skip

ALVDALEN = StripData(
    today=TODAY,
    known_through=date(2022, 11, 15),
    claims=(
        Claim("Deltar i programmet", "period", ImpreciseDate.year(2020), source="kommunen", url="/u/1/"),
        Claim(
            "Uppföljningsseminarium", "event", ImpreciseDate.month(2022, 10), words="mitten av oktober 2022",
            url="/u/2/", marked="Seminariet, okt 2022",
        ),
        Claim("Nyhet publicerad", "publication", date(2022, 11, 15), url="/u/3/"),
    ),
    readings=(
        Reading("Om starten var vt 2020", Term("VT", 2020)),
        Reading("Om starten var ht 2020", Term("HT", 2020)),
        Reading("Om oktober 2022 var termin 3", Term("HT", 2021)),
    ),
)  # fmt: skip

PAUSED = StripData(
    today=date(2027, 9, 3),
    terms=(
        *TERMS[:3],
        StripTerm(Term("VT", 2027), None, paused=True),
        *(StripTerm(Term("HT", 2027) + n, n + 4) for n in range(3)),
        StripTerm(Term("VT", 2029), 7, extension=True, decision="beslut 4 maj 2027"),
    ),
    phases=(Phase("Genomförande", date(2026, 1, 1), date(2029, 6, 30), date(2026, 1, 20), None, "/f/"),),
)

CROWDED = StripData(
    today=TODAY,
    terms=TERMS,
    meetings=tuple(
        Meeting(date(2025, 8, 20) + timedelta(days=5 * n), "held" if n < 80 else "planned", f"/m/{n}/")
        for n in range(200)
    ),
    gaps=tuple(Gap(date(2025, 9, 1) + timedelta(days=60 * n), date(2025, 10, 1) + timedelta(days=60 * n), 4, 3) for n in range(12)),
    seminars=tuple(
        Seminar(date(2028, 5, 1) + timedelta(days=3 * n), "planned", f"Seminarium nummer {n}", url=f"/s/{n}/")
        for n in range(9)
    ),
    reports=tuple(Report(date(2026, 6, 15), n % 2 == 0, f"Delredovisning {n}", url="/r/") for n in range(6)),
    units=tuple(
        Unit(
            f"Sankta Birgittas anpassade grundskola och fritidshem {n}", date(2025, 8, 1) + timedelta(days=80 * n),
            date(2028, 1, 1) if n % 2 else None, "/e/",
            tuple(RektorChange(date(2026, 8, 1) + timedelta(days=20 * k)) for k in range(n)),
        )
        for n in range(9)
    ),
)  # fmt: skip

EVERY = {
    "ordinary": ORDINARY,
    "unknown start": ALVDALEN,
    "paused and extended": PAUSED,
    "crowded": CROWDED,
    "packed": replace(CROWDED, meetings_url="/m/?a=b"),
    "empty": StripData(today=TODAY, terms=TERMS),
    "cut short": replace(ORDINARY, known_through=date(2026, 3, 1)),
    "nothing claimed": StripData(today=TODAY),
}


def drawings(data: StripData):
    strip = build(data)
    yield strip.wide
    if strip.is_unknown:
        yield strip.narrow
    for position in range(1, len(data.terms) + 1):
        yield build(data, position=position).phone.drawing


def marks(drawing, kind):
    return [mark for mark in drawing.marks if mark.kind == kind]


def named(drawing, start):
    return next(mark for mark in drawing.marks if mark.name.startswith(start))


def shapes(mark, cls):
    return [shape for shape in mark.shapes if cls in shape.cls.split()]


def rendered(template, **context):
    return Engine(dirs=[TEMPLATES]).get_template(template).render(Context(context))


def test_time_is_linear_across_the_drawing():
    drawing = build(ORDINARY).wide
    held = marks(drawing, "meeting-held")
    first, second, third = (shapes(mark, "strip-held")[0]["cx"] for mark in held)
    assert (second - first) / (third - first) == pytest.approx(77 / 245)


def test_time_fills_the_drawing_from_the_label_column_to_the_padding():
    whole = Phase("Allt", TERMS[0].term.start, TERMS[-1].term.end)
    bar = shapes(marks(build(replace(ORDINARY, phases=(whole,))).wide, "phase")[0], "strip-plan")[0]
    assert (bar["x"] - 0.75, bar["x"] + bar["width"] + 0.75) == pytest.approx((164, 1178))


@pytest.mark.parametrize("data", EVERY.values(), ids=EVERY)
def test_no_two_labels_overlap(data):
    for drawing in drawings(data):
        clashes = [(a, b) for a, b in combinations(drawing.all_texts(), 2) if a.overlaps(b)]
        assert clashes == []


@pytest.mark.parametrize("data", EVERY.values(), ids=EVERY)
def test_everything_stays_inside_the_drawing(data):
    for drawing in drawings(data):
        for text in drawing.all_texts():
            assert text.left >= 0, text
            assert text.right <= drawing.width, text
            assert text.bottom <= drawing.height, text


@pytest.mark.parametrize("data", EVERY.values(), ids=EVERY)
def test_every_mark_has_a_name(data):
    assert all(mark.name.strip() for drawing in drawings(data) for mark in drawing.marks)


def test_names_are_whole_sentences():
    names = {mark.name for mark in build(ORDINARY).wide.marks}
    assert names >= {
        "Nulägesanalys. Planerad 18 aug 2025 till 20 jan 2026. Påbörjad 25 aug 2025, klar 13 feb 2026. 3 v efter plan.",
        "Träff torsdag 8 oktober 2026, hållen",
        "Uppehåll 5 feb till 23 apr 2026, 9 skolveckor, avtalat 3",
        "Uppföljningsseminarium onsdag 18 november 2026, planerat",
        "Delredovisning 2, ska lämnas in senast 30 november 2026",
        "Lillåns förskola, med från lördag 1 augusti 2026",
        "Ny rektor på Strandskolan 7–9 från lördag 1 augusti 2026",
    }


@pytest.mark.parametrize(("kind", "cls"), [("held", "strip-held"), ("planned", "strip-open"), ("cancelled", "strip-cancelled")])  # fmt: skip
def test_a_meeting_is_drawn_by_its_status(kind, cls):
    mark = marks(build(ORDINARY).wide, f"meeting-{kind}")[0]
    assert {shape.cls for shape in mark.shapes} == {"strip-hit", cls}


def test_an_actual_period_runs_past_its_plan_when_late():
    mark = named(build(ORDINARY).wide, "Nulägesanalys")
    plan, done = shapes(mark, "strip-plan")[0], shapes(mark, "strip-done")[0]
    assert done["x"] + done["width"] > plan["x"] + plan["width"]
    assert [text.content for text in mark.texts] == ["klar 13 feb, 3 v efter plan"]


def test_a_phase_going_on_is_filled_to_today():
    drawing = build(ORDINARY).wide
    done = shapes(named(drawing, "Genomförande"), "strip-done")[0]
    now = next(shape for shape in drawing.back if shape.cls == "strip-now")
    assert done["x"] + done["width"] == pytest.approx(now["x1"])


def test_a_phase_still_going_on_after_its_plan_says_how_late():
    phase = Phase("Åtgärdsplan", date(2026, 8, 1), date(2026, 10, 6), date(2026, 8, 10), None)
    mark = marks(build(replace(ORDINARY, phases=(phase,))).wide, "phase")[0]
    assert mark.texts[0].content == "pågår, 4 v efter plan"


def test_nothing_is_late_after_the_day_it_is_known_through():
    phase = Phase("Åtgärdsplan", date(2026, 1, 1), date(2026, 4, 1), date(2026, 1, 10), None)
    data = replace(ORDINARY, phases=(phase,), known_through=date(2026, 3, 1))
    assert marks(build(data).wide, "phase")[0].texts == []


def test_an_unconfirmed_period_is_dashed_and_not_filled():
    phase = replace(ORDINARY.phases[0], confirmed=False)
    mark = marks(build(replace(ORDINARY, phases=(phase,))).wide, "phase")[0]
    assert not shapes(mark, "strip-done")
    assert all("strip-dashed" in shape.cls for shape in shapes(mark, "strip-plan"))


def test_a_meeting_known_to_the_month_has_a_bracket_as_wide_as_the_month():
    meeting = Meeting(ImpreciseDate.month(2027, 5), "planned")
    mark = marks(build(replace(ORDINARY, meetings=(meeting,))).wide, "meeting-planned")[0]
    steps = shapes(mark, "strip-bracket")[0]["d"].split()
    assert float(steps[7]) - float(steps[1]) == pytest.approx(31 * (1178 - 164) / 1096, abs=0.2)
    assert mark.name == "Träff maj 2027, planerad, dagen är inte bestämd"


def test_meetings_on_the_same_day_do_not_cover_each_other():
    data = replace(ORDINARY, meetings=(Meeting(TODAY, "held"), Meeting(TODAY, "held")))
    heights = [shapes(mark, "strip-held")[0]["cy"] for mark in marks(build(data).wide, "meeting-held")]
    assert abs(heights[0] - heights[1]) >= 12


def dots_drawn(marks):
    """The middle and radius of every dot, drawn alone or many in one path."""
    for shape in (shape for mark in marks for shape in mark.shapes):
        if shape.tag == "circle":
            yield shape["cx"], shape["cy"], shape["r"]
        elif shape.cls.startswith("strip-dots") and "core" not in shape.cls:
            for x, y in re.findall(r"M(\S+) (\S+)h0", shape["d"]):
                yield float(x), float(y), shape["stroke-width"] / 2


@pytest.mark.parametrize(
    "data", [CROWDED, replace(CROWDED, meetings_url="/m/?a=b")], ids=["linked", "packed"]
)
def test_two_hundred_meetings_each_have_a_place(data):
    dots = list(dots_drawn(mark for mark in build(data).wide.marks if mark.kind.startswith("meeting")))
    assert len(dots) == 200
    for (ax, ay, a), (bx, by, b) in combinations(dots, 2):
        assert (ax - bx) ** 2 + (ay - by) ** 2 >= (a + b - 0.2) ** 2


def test_many_meetings_are_one_link_for_each_term_that_says_how_many():
    packed = marks(build(replace(CROWDED, meetings_url="/m/?a=b")).wide, "meetings")
    assert [(mark.name, mark.url) for mark in packed][2:4] == [
        ("Träffar höstterminen 2026: 17 hållna, 20 planerade", "/m/?a=b&when=HT2026"),
        ("Träffar vårterminen 2027: 36 planerade", "/m/?a=b&when=VT2027"),
    ]
    assert [text.content for text in packed[3].texts] == ["36 planerade"]
    assert {item.label for item in build(replace(CROWDED, meetings_url="/m/?a=b")).wide.legend} >= {
        "Hållen",
        "Planerad",
    }


def test_a_strip_of_two_hundred_meetings_is_light():
    data = replace(ORDINARY, meetings=CROWDED.meetings, meetings_url="/m/?a=b")
    assert len(rendered("programmes/_strip.html", strip=build(data))) < 25_000


def test_a_gap_lies_between_its_meetings():
    drawing = build(ORDINARY).wide
    box = shapes(marks(drawing, "gap")[0], "strip-gap")[0]
    before, after = (shapes(mark, "strip-held")[0]["cx"] for mark in marks(drawing, "meeting-held")[:2])
    assert before < box["x"] < box["x"] + box["width"] < after


def test_no_meetings_is_said():
    row = next(row for row in build(EVERY["empty"]).wide.rows if row.name == "meetings")
    assert [text.content for text in row.texts] == ["Inga träffar är inlagda än"]


def test_a_calendar_nobody_entered_is_said():
    row = next(row for row in build(ORDINARY).wide.rows if row.name == "meetings")
    assert "läsårstiderna 2027/28 är inte inlagda än" in [text.content for text in row.texts]


def test_a_label_at_the_right_edge_turns_to_the_left():
    mark = named(build(ORDINARY).wide, "Avslutningsseminarium")
    diamond_left = float(mark.shapes[1]["d"].split()[1]) - 8
    assert mark.texts[0].right < diamond_left


def test_a_paused_term_has_no_number():
    drawing = build(PAUSED).wide
    assert [text.content for text in drawing.head if text.content.startswith("T")] == [
        f"T{n}" for n in range(1, 8)
    ]
    assert marks(drawing, "pause")[0].name == "Paus vårterminen 2027, räknas inte"
    assert [shape.cls for shape in drawing.back if shape.cls == "strip-pause"] == ["strip-pause"]


def test_bars_are_cut_by_a_pause():
    drawing = build(PAUSED).wide
    pause = next(shape for shape in drawing.back if shape.cls == "strip-pause")
    left, right = pause["x"], pause["x"] + pause["width"]
    for bar in shapes(marks(drawing, "phase")[0], "strip-plan"):
        assert bar["x"] + bar["width"] <= left or bar["x"] >= right


def test_an_extension_is_a_column_with_its_decision():
    strip = build(PAUSED)
    assert strip.title == "Sju terminer"
    assert marks(strip.wide, "extension")[0].name == "Förlängd till termin 7, beslut 4 maj 2027"


def test_the_surface_is_grey_after_what_is_known():
    drawing = build(replace(ORDINARY, known_through=date(2026, 6, 30))).wide
    grey = next(shape for shape in drawing.back if shape.cls == "strip-unknown")
    third_term = next(text for text in drawing.head if text.content == "T3")
    assert grey["x"] == pytest.approx(third_term.x - 10)
    assert grey["x"] + grey["width"] == drawing.width
    assert "inget känt" in [text.content for text in drawing.all_texts()]


def test_no_membership_is_drawn_past_what_is_known():
    drawing = build(replace(ORDINARY, known_through=date(2026, 9, 1))).wide
    grey = next(shape for shape in drawing.back if shape.cls == "strip-unknown")
    ends = [s["x2"] for mark in marks(drawing, "unit") for s in mark.shapes if s.tag == "line"]
    assert max(ends) <= grey["x"]


def test_a_late_joiner_says_from_when():
    drawing = build(ORDINARY).wide
    texts = {mark.name.split(",")[0]: [t.content for t in mark.texts] for mark in marks(drawing, "unit")}
    assert texts == {"Strandskolan 7–9": [], "Lillåns förskola": ["med från ht 2026"]}


def test_a_long_name_is_shortened_and_kept_whole_beside():
    label = next(row.label for row in build(CROWDED).wide.rows if row.name.startswith("unit"))
    assert label.content.endswith("…")
    assert label.right <= 164
    assert label.full == "Sankta Birgittas anpassade grundskola och fritidshem 0"


def test_shortened_text_fits_its_room():
    assert text_width(ellipsis("Sankta Birgittas anpassade grundskola", 100), 14) <= 100


def test_the_legend_shows_only_what_is_drawn():
    assert [item.label for item in build(PAUSED).wide.legend] == ["Planerat", "Genomfört"]


def test_what_lies_outside_the_terms_is_counted():
    late = Seminar(date(2029, 5, 1), "planned", "Uppföljning efter avslut")
    undated = Meeting(ImpreciseDate.unknown(), "held")
    data = replace(ORDINARY, seminars=(late,), meetings=(undated,))
    assert build(data).wide.left_out == 2


def test_the_table_has_all_that_is_drawn_and_more():
    undated = Meeting(ImpreciseDate.unknown(), "held")
    groups = {
        g.name: g.lines
        for g in build(replace(ORDINARY, meetings=(*ORDINARY.meetings, undated)), with_table=True).table
    }
    assert list(groups) == ["Terminer", "Faser", "Träffar", "Längre uppehåll än avtalat", "Lov", "Seminarier", "Rapporter", "Enheter"]  # fmt: skip
    assert [line.when for line in groups["Träffar"]][-2:] == ["torsdag 26 november 2026", "okänt datum"]


@pytest.mark.parametrize("position", [None, "", "sju", "0", "99", "-1"])
def test_the_phone_starts_at_the_current_term(position):
    assert build(ORDINARY, position=position).phone.title == "Termin 3 av 6"


def test_the_phone_steps_between_terms():
    phone = build(ORDINARY, position="2").phone
    assert (phone.previous.position, phone.next.position) == (1, 3)
    assert phone.next.label == "Nästa termin, ht 2026"


def test_the_phone_has_no_step_before_the_first_term_or_after_the_last():
    assert build(ORDINARY, position=1).phone.previous is None
    assert build(ORDINARY, position=6).phone.next is None


def test_the_phone_shows_the_dates_of_the_meetings_of_its_term():
    row = next(row for row in build(ORDINARY).phone.drawing.rows if row.name == "meetings")
    assert [text.content for text in row.texts] == ["8 okt", "26 nov"]


def test_the_phone_says_that_a_paused_term_is_not_counted():
    phone = build(PAUSED, position=4).phone
    assert (phone.title, phone.detail) == ("Paus", "vt 2027, räknas inte")


def test_the_small_strip_is_filled_to_today():
    small = build_small(ORDINARY)
    filled = [shape for shape in small.drawing.back if shape.cls == "strip-done"]
    tick = small.drawing.front[0]
    assert small.name == small.drawing.name == "Termin 3 av 6"
    assert filled[-1]["x"] + filled[-1]["width"] == pytest.approx(tick["x1"])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (ALVDALEN, "Starttermin okänd"),
        (replace(ORDINARY, today=date(2025, 3, 1)), "Börjar höstterminen 2025"),
        (replace(ORDINARY, today=date(2029, 3, 1)), "Alla 6 terminer har gått"),
        (replace(ORDINARY, known_through=date(2026, 3, 1)), "Känt till och med termin 2 av 6"),
        (replace(PAUSED, today=date(2027, 3, 1)), "Paus, terminen räknas inte"),
    ],
)
def test_the_small_strip_says_where_the_participation_is(data, name):
    assert build_small(data).name == name


def test_a_year_is_a_dashed_box_over_the_whole_year():
    mark = marks(build(ALVDALEN).wide, "claim-period")[0]
    vague, stated = shapes(mark, "strip-vague")[0], shapes(mark, "strip-stated")[0]
    assert vague["width"] + 2 == pytest.approx((1178 - 236) * 366 / 1277, abs=0.1)
    assert stated["x"] >= vague["x"] + vague["width"]


def test_the_dated_event_crosses_its_term_in_every_reading():
    assert [mark.name for mark in marks(build(ALVDALEN).wide, "chosen")] == [
        "Om starten var vt 2020: termin 6, höstterminen 2022",
        "Om starten var ht 2020: termin 5, höstterminen 2022",
        "Om oktober 2022 var termin 3: termin 3, höstterminen 2022",
    ]


def test_claims_end_where_knowledge_ends():
    drawing = build(ALVDALEN).wide
    grey = next(shape for shape in drawing.back if shape.cls == "strip-unknown")
    stated = shapes(marks(drawing, "claim-period")[0], "strip-stated")[0]
    assert stated["x"] + stated["width"] <= grey["x"]


@pytest.mark.parametrize("data", EVERY.values(), ids=EVERY)
def test_the_markup_is_well_formed_and_has_no_inline_style(data):
    markup = rendered("programmes/_strip.html", strip=build(data, with_table=True))
    tree = ElementTree.fromstring(markup)
    assert not any("style" in element.attrib or element.tag.endswith("style") for element in tree.iter())


def test_ids_are_unique_and_every_local_link_has_its_target():
    tree = ElementTree.fromstring(rendered("programmes/_strip.html", strip=build(ORDINARY, with_table=True)))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    targets = {e.get("href").split("#")[1] for e in tree.iter() if "#" in (e.get("href") or "")}
    assert len(ids) == len(set(ids))
    assert targets <= set(ids)


def test_the_table_is_there_when_its_address_asks_for_it():
    without = rendered("programmes/_strip.html", strip=build(ORDINARY, query="datum=2026-11-03&"))
    assert "<table" not in without
    assert 'href="?datum=2026-11-03&amp;tabell=ja#remsa-tabell">Visa som tabell' in without


def test_every_linked_mark_is_a_link_with_its_name():
    tree = ElementTree.fromstring(rendered("programmes/_strip.html", strip=build(ORDINARY)))
    svg = "{http://www.w3.org/2000/svg}"
    links = list(tree.iter(f"{svg}a"))
    assert {link.get("href") for link in links} >= {"/f/1/", "/m/5/", "/g/", "/s/2/", "/r/2/", "/e/2/"}
    assert all(link.find(f"{svg}title").text for link in links)


def test_names_are_escaped():
    data = replace(ORDINARY, units=(Unit('<b>"Skolan"</b> & co', date(2025, 8, 1), url="/e/?a=1&b=2"),))
    assert "<b>" not in rendered("programmes/_strip.html", strip=build(data))
