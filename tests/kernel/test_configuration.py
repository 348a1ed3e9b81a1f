"""Configuration: one table, loud when wrong."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from sbs_portal import config
from sbs_portal.management.commands.configuration import table


def test_the_page_is_the_table():
    assert (config.BASE_DIR / "docs" / "configuration.md").read_text() == table()


def test_every_variable_the_portal_reads_is_in_the_table():
    read = set()
    for path in (config.BASE_DIR / "sbs_portal").rglob("*.py"):
        for call in ("text", "flag", "number", "names", "one_of", "database", "email"):
            for part in path.read_text().split(f'{call}("')[1:]:
                name = part.partition('"')[0]
                if name.isupper():
                    read.add(name)
    assert read <= {variable.name for variable in config.VARIABLES}
    assert {"DATABASE_URL", "PORT", "DEBUG"} <= read


@pytest.mark.parametrize(
    ("read", "name", "value", "says"),
    [
        (config.flag, "DEBUG", "kanske", "DEBUG is 'kanske': write 1 or 0."),
        (config.database, "DATABASE_URL", "mysql://x/y", "DATABASE_URL must look like postgres://"),
        (
            config.database,
            "DATABASE_URL",
            "postgres://u:hem@lig#t@h/d",
            "DATABASE_URL must look like postgres://",
        ),
        (config.database, "DATABASE_URL", "postgres://u@h:port/d", "DATABASE_URL must look like postgres://"),
        (
            config.database,
            "DATABASE_URL",
            "postgres://u@h/d?ssl=1",
            'DATABASE_URL: invalid dsn: invalid connection option "ssl"',
        ),
        (config.email, "EMAIL_URL", "ftp://x", "EMAIL_URL must be console or smtp://"),
        (config.email, "EMAIL_URL", "smtp://x:port", "EMAIL_URL must be console or smtp://"),
    ],
)
def test_a_value_that_cannot_be_used_is_told(monkeypatch, read, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as told:
        read(name)
    assert says in str(told.value)
    assert "lig" not in str(told.value)


def test_former_secret_keys_are_a_list_and_as_long(monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{'a' * 32}, {'b' * 40}")
    assert config.former_keys("SECRET_KEY_FALLBACKS") == ["a" * 32, "b" * 40]
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", "kort")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS is too short"):
        config.former_keys("SECRET_KEY_FALLBACKS")


def test_behind_https_cookies_are_the_hosts_own_and_the_web_does_without_the_owner():
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.DATABASE_OWNER)"
    )
    given = {
        "SBS_HTTPS": "1",
        "SECRET_KEY": "k" * 40,
        "DATABASE_URL": "postgres://sbs_app@db/sbs",
        "DJANGO_SETTINGS_MODULE": "sbs_portal.settings",
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-c", asked]
    told = subprocess.run(command, env=given, cwd=config.BASE_DIR, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["__Host-sbs_session", "__Host-sbs_csrf", "True", "True", "None"]


def test_a_port_out_of_bounds_is_told(monkeypatch):
    monkeypatch.setenv("PORT", "99999")
    with pytest.raises(ImproperlyConfigured, match="from 1 to 65535"):
        config.number("PORT", 8000, low=1, high=65535)


def test_an_address_is_read_in_full(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://sbs_app:hemligt%40@db.example.se:5433/sbs?sslmode=require")
    assert config.database("DATABASE_URL") == {
        "NAME": "sbs",
        "USER": "sbs_app",
        "PASSWORD": "hemligt@",
        "HOST": "db.example.se",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
