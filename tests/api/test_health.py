import pytest

from sbs_portal import health

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db]


def test_healthz_answers_without_a_question_to_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_says_ok_of_every_check_as_sbs_app(client):
    response = client.get("/readyz")
    assert response.json() == {
        "status": "ok",
        "checks": dict.fromkeys(
            ("database", "migrations", "encoding", "role", "grants", "row_security"), "ok"
        ),
    }
    assert response.status_code == 200


def test_readyz_is_503_and_says_which_check_fails(client, monkeypatch):
    def broken():
        raise health.NotReady("migrations are waiting")

    monkeypatch.setitem(health.CHECKS, "migrations", broken)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "migrations are waiting"
    assert response.json()["status"] == "unavailable"


def test_a_table_without_policies_is_found(monkeypatch):
    tables = health.apps.get_models

    class Unsecured:
        scoping = health.Scoping(kind="owned", path="huvudman")
        _meta = type("Meta", (), {"db_table": "django_content_type"})

    monkeypatch.setattr(health.apps, "get_models", lambda: [*tables(), Unsecured])
    with pytest.raises(health.NotReady):
        health.row_security()
