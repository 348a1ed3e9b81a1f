import pytest

from sbs_portal.web import sections


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    monkeypatch.setattr(sections, "_sections", {})


def add(name, order, loader, page="prov"):
    sections.register_section(
        page=page, name=name, title=name.title(), order=order, loader=loader, template="x.html"
    )


def test_a_page_gets_its_own_sections_in_order():
    add("sist", 20, lambda request, obj: {})
    add("först", 10, lambda request, obj: {})
    add("annan", 5, lambda request, obj: {}, page="annan sida")
    assert [section.name for section in sections.sections_for("prov", None, None)] == ["först", "sist"]


def test_a_loader_that_returns_none_leaves_its_section_out():
    add("borta", 10, lambda request, obj: None)
    assert sections.sections_for("prov", None, None) == []


def test_a_section_is_loaded_for_the_object():
    add("antal", 10, lambda request, obj: {"count": obj * 2, "action": {"url": "/", "label": "Gör"}})
    (section,) = sections.sections_for("prov", None, 21)
    assert (section.count, section.action["label"]) == (42, "Gör")
