"""No real person of the sources is named anywhere in the project or in the demo's data.

The names themselves are not here either, only their SHA-256: "förnamn efternamn" in lower case.
"""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from django.db import connection

from sbs_portal.config import BASE_DIR
from sbs_portal.scope import NATIONAL, bound
from tests.cases.reading import tables

REAL = frozenset(
    [
        "3631462761974a34dc6f6e24de318793351eeabffcd974d5c258bf23f89221b9",
        "700edc8cd8b424ec40e50ccb465be4e969805fa08da77fdeb9aeb042536ae074",
        "734f31cb4a57a0f87a93d6756969d75b04f2f87c72abdf54919c710acb8eef61",
        "737c94575ade0fea8274e1afc2292b3107a8e505cd70ca00e1803cb9c94d589f",
        "77e554f5460b3d18cd6d05f87857c8e0b14ec418aa692e04520a0f3bb3c6244d",
        "80bd1d0dbf32369241f68bb1dbae124cf54a740af2f84291a5a9e4a8f434900c",
        "8572f543c9ec750ec98bce01fb450f8c547f836567c6e1b0b5173e1370bd8a19",
        "85de218227af01c75e3b737eef3e04468b5087d95bfbd7ca7f8a8fc02f3b335a",
        "99145200914bd155e3680048d8df75e670b531941eb51d9d7b8d8882eb983684",
        "ba5c820c0fefceb4f31219466844849f29073013c6245b405504141500936b4b",
        "c02f710a6cc6a2001f02863bd62bc627da37c7647196c2f686db6c8b4548acd8",
        "c9dd593ca8532baa7ae466494b724b95fe3286c8376d05e168277beaf9adc750",
        "deae2d01564d724eff0670f48060720ff21114048e3ba0a825c6b87e3a410658",
        "e72af12dce85e1a5bcb4f6402da9cbb32d831317064bcbd06526448f102e0623",
        "fc1658d2c6e36e6c422508d8523745956319159d37d704a9756165bd7a607680",
    ]
)
# Generated, or not ours.
PASSED_OVER = re.compile(r"\.(?!ci$|github$).*|__pycache__|node_modules")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def pairs(texts: Iterable[str]) -> set[str]:
    """Every two words that follow each other, in lower case; the last also without a genitive s."""
    found = set()
    for text in texts:
        words = WORD.findall(unicodedata.normalize("NFC", text).lower())
        found.update(f"{first} {last}" for first, last in pairwise(words))
    return found | {pair.removesuffix("s") for pair in found}


def named(texts: Iterable[str], names: Iterable[str] = REAL) -> set[str]:
    """Those of the digests whose names occur in the texts."""
    return set(names) & {digest(pair) for pair in pairs(texts)}


def project() -> Iterator[str]:
    """The text of every file of the checkout, and its path."""
    for folder, folders, files in os.walk(BASE_DIR):
        folders[:] = [name for name in folders if not PASSED_OVER.fullmatch(name)]
        for name in files:
            path = os.path.join(folder, name)
            yield os.path.relpath(path, BASE_DIR)
            try:
                with open(path, encoding="utf-8") as file:
                    yield file.read()
            except UnicodeDecodeError:
                continue


def data() -> Iterator[str]:
    """Every value of every table that can hold words."""
    with bound(NATIONAL):
        for model in tables():
            fields = [
                field.attname
                for field in model._meta.concrete_fields
                if "char" in (kind := field.db_type(connection)) or "text" in kind or "json" in kind
            ]
            for row in model._base_manager.values_list(*fields) if fields else ():
                yield from (value if isinstance(value, str) else words(value) for value in row)


def words(value) -> str:
    """A list or JSON value as text."""
    return json.dumps(value, ensure_ascii=False, default=str)


@pytest.mark.parametrize(
    "text", ["Amira Nordvall", "amira\n nordvall", "AMIRA NORDVALLS ord", "med Amira Nordvall."]
)
def test_a_name_is_found_however_it_stands(text):
    assert named([f"Så sade {text}"], {digest("amira nordvall")})


def test_no_real_person_is_named_in_the_project():
    assert named(project()) == set()


def test_the_project_is_read():
    assert named(project(), {digest("amira nordvall")})


def test_no_real_person_is_named_in_the_demo(db):
    assert named(data()) == set()


def test_the_demo_is_read(db):
    assert named(data(), {digest("amira nordvall")})
