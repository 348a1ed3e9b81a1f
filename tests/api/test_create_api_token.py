from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sbs_portal.accounts.models import ApiToken, User


def run(*arguments: str) -> str:
    """What the command prints on stdout: the key and nothing else."""
    out = StringIO()
    call_command("create_api_token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_key_is_printed_once_and_kept_as_a_digest(nobody):
    key = run(nobody.user.email.upper(), "--name", "skript")
    token = ApiToken.objects.get(name="skript")
    assert (token.digest, token.user, token.can_write) == (ApiToken.digest_of(key), nobody.user, False)


def test_write_and_days_are_kept(nobody):
    run(nobody.user.email, "--write", "--days", "7", "--name", "skript")
    token = ApiToken.objects.get(name="skript")
    assert token.can_write
    assert timedelta(days=6) < token.expires_at - timezone.now() <= timedelta(days=7)


@pytest.mark.parametrize("by", ["uuid", "name"])
def test_the_key_is_narrowed_to_named_huvudman(coordinator, huvudman, by):
    run(coordinator.user.email, "--name", "smal", "--huvudman", str(getattr(huvudman, by)))
    assert ApiToken.objects.get(name="smal").huvudman_ids == [huvudman.pk]


def test_a_huvudman_the_account_does_not_reach_is_refused(nobody, huvudman):
    with pytest.raises(CommandError, match="Kontot når inte alla dessa huvudmän"):
        run(nobody.user.email, "--huvudman", huvudman.name)


def test_an_unknown_account_is_named(db):
    with pytest.raises(CommandError, match=r"inget konto med e-postadressen nej@test\.example"):
        run("nej@test.example")


def test_a_closed_account_gets_no_key(nobody):
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="är avstängt"):
        run(nobody.user.email)


@pytest.mark.parametrize("days", ["0", "-1", "10000"])
def test_days_out_of_bounds_are_refused(nobody, days):
    with pytest.raises(CommandError, match="--days"):
        run(nobody.user.email, f"--days={days}")


def test_an_unknown_huvudman_is_named(coordinator):
    with pytest.raises(CommandError, match="ingen huvudman Ingenstans"):
        run(coordinator.user.email, "--huvudman", "Ingenstans")
