"""A service written for one row: many rows ask together, wait for their turn, and are each told what is wrong."""

import pytest

from sbs_portal.together import Turn, asked, each, every, service, together

pytestmark = pytest.mark.django_db


@pytest.fixture
def statements():
    """What has been asked, a list for each time."""
    return []


@pytest.fixture
def doubled(statements):
    @asked
    def doubled(numbers):
        statements.append(list(numbers))
        return [ValueError(f"{number} är för stort") if number > 9 else 2 * number for number in numbers]

    return doubled


def test_one_row_is_a_function_like_any_other(doubled, statements):
    @service
    def add(number, *, to):
        """Adds."""
        return to + (yield doubled(number))

    assert add(3, to=1) == 7
    assert (add.__doc__, statements) == ("Adds.", [[3]])
    with pytest.raises(ValueError, match="10 är för stort"):
        add(10, to=1)
    with pytest.raises(TypeError):
        service(lambda: None)


def test_rows_ask_together_and_each_is_told_what_is_wrong(doubled, statements):
    @service
    def add(number):
        if number < 0:
            raise ValueError("För litet")
        twice = yield doubled(number)
        return (yield doubled(twice)) if number % 2 else twice

    made = together(add.steps(number) for number in (1, 2, -1, 10, 3))
    assert [str(one) for one in made] == ["4", "4", "För litet", "10 är för stort", "12"]
    assert statements == [[1, 2, 10, 3], [2, 6]]


def test_parts_of_a_row_go_together_with_those_of_others(doubled, statements):
    @service
    def part(number):
        return (yield doubled(number))

    @service
    def whole(*numbers):
        first = yield from each(doubled(number) for number in numbers)
        return sum(first) + sum((yield from every(part.steps(number) for number in numbers)))

    assert together([whole.steps(1, 2), whole.steps(), whole.steps(3)]) == [12, 0, 12]
    assert statements == [[1, 2, 3], [1, 2, 3]]
    with pytest.raises(ValueError, match="11 är"):
        whole(1, 11, 12)


def test_those_about_the_same_thing_take_turns(doubled, statements):
    done = []

    @service
    def change(key, number):
        yield Turn(key)
        yield Turn(key)
        twice = yield doubled(number)
        done.append((key, list(done)))
        return twice

    made = together(change.steps(key, n) for n, key in enumerate("aabca", start=8))
    assert [str(one) for one in made] == [
        "16",
        "18",
        *("10 är för stort", "11 är för stort", "12 är för stort"),
    ]
    # One of each key goes first; what is refused makes way too.
    assert statements == [[8, 10, 11], [9], [12]]
    assert done == [("a", []), ("a", [("a", [])])]
