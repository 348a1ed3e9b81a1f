import multiprocessing
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from sbs_portal import config


@pytest.fixture(autouse=True)
def _no_key_in_the_environment(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)


def test_the_key_is_made_once_and_only_its_user_may_read_it(tmp_path):
    first, second = config.secret_key(tmp_path), config.secret_key(tmp_path)

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_key_that_was_cut_off_is_told(tmp_path):
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(ImproperlyConfigured, match="secret_key is too short"):
        config.secret_key(tmp_path)


def test_those_who_start_at_once_get_the_same_key(tmp_path):
    with multiprocessing.get_context("fork").Pool(8) as pool:
        keys = pool.map(config.secret_key, [tmp_path / str(n // 8) for n in range(400)], chunksize=1)

    assert len(set(keys)) == 50
    assert min(map(len, keys)) >= 50
