"""Nothing leaks to whoever tries: a walk by everyone who is not to see it all, with a fixed seed.

``SBS_WALK_SECONDS=3600 SBS_WALK_SEED=7 pytest tests/matrix/test_walk.py`` walks for an hour.
"""

import os
import random
import time

import pytest

from tests.matrix import walk

STEPS = 60
SECONDS = float(os.environ.get("SBS_WALK_SECONDS", "0"))
SEED = int(os.environ.get("SBS_WALK_SEED", "2018"))


@pytest.mark.parametrize("role", walk.ROLES)
def test_a_walk_tells_nothing_of_the_others(world, client_for, api_for, role):
    user = getattr(world, role)
    key = api_for(user, write=True)
    walk.read_openapi(key)
    walker = walk.Walk(world, role, client_for(user), key, random.Random(f"{SEED} {role}"))
    until = time.monotonic() + SECONDS / len(walk.ROLES)
    leaks = []
    while time.monotonic() < until if SECONDS else walker.steps < STEPS:
        try:
            walker.step()
        except walk.Leak as leak:
            leaks.append(str(leak))
    assert leaks == []
    assert walker.steps >= STEPS
