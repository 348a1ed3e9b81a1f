from datetime import date

import pytest
from django.template import Context, Template

from sbs_portal.time import ImpreciseDate, Term, frozen
from sbs_portal.web.badges import BADGES, STATUS_KINDS
from sbs_portal.web.icons import ICONS, icon
from sbs_portal.web.templatetags.sbs import TRUST


def drawn(text, **context):
    with frozen(date(2018, 4, 21)):
        return Template(text).render(Context(context))


def test_a_badge_is_a_word_with_the_glyph_of_its_meaning():
    assert drawn('{% badge "late" "Försenad" %}') == (
        '<span class="badge badge--late">' + icon("warning", css="") + "Försenad</span>"
    )


def test_a_status_value_of_a_model_finds_its_meaning():
    assert drawn('{% badge "approved" "Godkänd" %}') == drawn('{% badge "done" "Godkänd" %}')


def test_an_unknown_status_is_a_plain_word():
    assert drawn('{% badge "hittepå" "Något" %}') == '<span class="badge">Något</span>'


def test_what_is_kept_of_a_page_holds_nothing_of_the_page():
    page = Template("{% kept %}<a href=\"{% url 'cookies' %}\">{{ name }}</a>{% endkept %}{{ name }}")
    assert [page.render(Context({"name": name})) for name in ("A", "B")] == [
        '<a href="/kakor/"></a>A',
        '<a href="/kakor/"></a>B',
    ]


def test_a_badge_escapes_its_word():
    assert "<b>" not in drawn('{% badge "done" word %}', word="<b>x</b>")


def test_no_two_meanings_of_the_same_colour_share_a_glyph():
    drawn_as = [look for kind, look in BADGES.items() if kind != "neutral"]
    assert len(set(drawn_as)) == len(drawn_as)


def test_every_status_leads_to_a_meaning_that_is_drawn():
    assert set(STATUS_KINDS.values()) <= set(BADGES)


def test_every_glyph_that_is_named_is_drawn():
    named = {glyph for glyph, _ in BADGES.values() if glyph} | {glyph for glyph, *_ in TRUST.values()}
    assert named <= set(ICONS)


@pytest.mark.parametrize(
    ("trust", "source", "said"),
    [
        ("confirmed", "Skolverket", "bekräftad av Skolverket"),
        ("stated", "kommunen", "enligt kommunen, ej bekräftat"),
        ("derived", "räknad från vt 2018", "härledd: räknad från vt 2018"),
        ("unverified", "", "okänd källa, ej granskad"),
        ("hittepå", "", "okänd källa, ej granskad"),
    ],
)
def test_provenance_says_how_sure(trust, source, said):
    assert f"</svg>{said}</span>" in drawn("{% provenance trust source %}", trust=trust, source=source)


def test_when_is_a_time_element():
    assert drawn("{% when day %}", day=date(2018, 4, 24)) == (
        '<time datetime="2018-04-24">tis 24 apr, om 3 dagar</time>'
    )


def test_late_since_says_nothing_of_today():
    assert drawn("{% late_since day %}", day=date(2018, 4, 21)) == ""


def test_late_since_counts_the_days():
    assert drawn("{% late_since day %}", day=date(2018, 4, 17)) == (
        '<span class="late">Skulle vara klar tis 17 apr, 4 dagar sen</span>'
    )


def test_an_imprecise_date_is_as_exact_as_it_is_known():
    assert drawn("{{ day|imprecise }}", day=ImpreciseDate.term(Term("VT", 2018))) == "vårterminen 2018"


def test_a_missing_date_says_so():
    assert drawn("{{ day|imprecise }}", day=None) == "uppgift saknas"


class Shown:
    def __init__(self, display_name):
        self.display_name = display_name


def test_a_protected_person_is_a_grey_block():
    assert drawn("{% person_name person %}", person=Shown("Skyddad person")) == (
        '<span class="masked">Skyddad person</span>'
    )


def test_another_person_is_their_name_escaped():
    assert drawn("{% person_name person %}", person=Shown("Ada <i>")) == "Ada &lt;i&gt;"
