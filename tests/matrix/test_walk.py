"""Nothing leaks to whoever tries: a walk by everyone who is not to see it all, with a fixed seed.

``SBS_WALK_SECONDS=3600 SBS_WALK_SEED=7 pytest tests/matrix/test_walk.py`` walks for an hour. Every other walk has
the second wall taken down, so that what the filters forget is not hidden by the policies.
"""

import os
import random
import time

import pytest

from tests.matrix import walk
from tests.matrix.answers import Leak

STEPS = 24
SECONDS = float(os.environ.get("SBS_WALK_SECONDS", "0"))
SEED = int(os.environ.get("SBS_WALK_SEED", "2018"))
WALLS = ("two walls", "one wall")


@pytest.fixture
def walls(request):
    if request.param == "one wall":
        request.getfixturevalue("one_wall")
    return request.param


@pytest.mark.parametrize("walls", WALLS, indirect=True)
@pytest.mark.parametrize("role", walk.ROLES)
def test_a_walk_tells_nothing_of_the_others(world, client_for, api_for, role, walls):
    walker = walk.Walk(world, role, client_for, api_for, random.Random(f"{SEED} {role} {walls}"))
    until = time.monotonic() + SECONDS / len(walk.ROLES) / len(WALLS)
    leaks = []
    while time.monotonic() < until if SECONDS else walker.steps < STEPS:
        try:
            walker.step()
        except Leak as leak:
            leaks.append(str(leak))
            if SECONDS:
                print(leak, flush=True)
    assert leaks == []
    assert walker.steps >= STEPS
