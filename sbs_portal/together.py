"""Services for one row and for many, written once.

A service says what is done with one row. Where it needs the database it yields a question, and the answer comes
back; rows that go through it together ask the same question at the same time, and that is one statement:

    @service
    def add_outcome(*, meeting, text, by) -> Steps[Outcome]:
        units = yield unit_ids_of(meeting)
        require(by, Action.MEETING_RECORD, unit_ids=units)
        outcome = Outcome(meeting=meeting, text=text)
        yield checked(outcome)
        yield saved(outcome)
        return outcome

``add_outcome(meeting=…, text=…, by=…)`` is a function like any other: one row. ``together`` takes the steps of
many, as ``add_outcome.steps(…)``, and tells of each what it came to. A service that is a part of another is
``yield from other.steps(…)``.
"""

from collections.abc import Callable, Generator, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any, TypeVar

from django.db import DatabaseError, transaction


@dataclass(frozen=True)
class Question:
    """What one row asks: the function that answers for many, and what this one is about."""

    answer: Callable[[list], Iterable]
    about: Any


@dataclass(frozen=True)
class Turn:
    """Asked before what only one row at a time can do with the same thing: the next waits until this one is done.

    ``yield Turn(unit)`` first in a service: two periods of one unit are entered after each other, those of
    different units together.
    """

    key: Hashable


Row = TypeVar("Row")
Steps = Generator[Question | Turn | list[Question], Any, Row]


def asked(answer: Callable[[list], Iterable]) -> Callable[..., Question]:
    """Make a question of a function that answers for all who ask.

    It is given a list of what they ask about (a tuple where that is more than one thing), and gives as many
    answers in the same order. An answer that is an exception is raised where its row asked. The function itself is
    the question's ``answer``.
    """

    @wraps(answer)
    def question(*about) -> Question:
        return Question(answer, about[0] if len(about) == 1 else about)

    question.answer = answer
    return question


def service(steps: Callable[..., Steps]) -> Callable:
    """Make a function for one row of the steps of one; ``.steps`` are for going together with others."""
    if not isgeneratorfunction(steps):
        raise TypeError(f"{steps.__name__} yields nothing.")

    @wraps(steps)
    def one(*args, **kwargs):
        return alone(steps(*args, **kwargs))

    one.steps = steps
    return one


def alone(steps: Steps):
    """What one row comes to, in a transaction of its own."""
    with transaction.atomic():
        (made,) = together([steps])
        if isinstance(made, Exception):
            raise made
        return made


def together(rows: Iterable[Steps]) -> list:
    """What each row came to: what its service returned, or the exception that stopped it.

    One that is stopped does not stop the others, so that each can be told what is wrong. The transaction is the
    caller's, who takes back what was written.
    """
    steps, answers = side_by_side(rows), None
    while True:
        try:
            answers = _answered(steps.send(answers))
        except StopIteration as end:
            return end.value


def _answered(questions: list[Question]) -> list:
    """The answers in order, each kind of question asked once."""
    places: dict[Callable, list[int]] = {}
    for place, question in enumerate(questions):
        places.setdefault(question.answer, []).append(place)
    answers: list = [None] * len(questions)
    for answer, here in places.items():
        found = answer([questions[place].about for place in here])
        for place, one in zip(here, found, strict=True):
            answers[place] = one
    return answers


def side_by_side(rows: Iterable[Steps]) -> Steps[list]:
    """As ``together``, within a service: the parts of a row go together, and with those of other rows."""
    rows = list(rows)
    made: list = [None] * len(rows)
    answers: dict[int, Any] = dict.fromkeys(range(len(rows)))
    queue: dict[int, Hashable] = {}
    turns: dict[Hashable, int] = {}
    while answers:
        asking: dict[int, Question | list[Question]] = {}
        for index, answer in answers.items():
            try:
                asked = _next(rows[index], answer)
            except StopIteration as end:
                made[index] = end.value
            except DatabaseError as error:
                if error is not answer:
                    # Not one that a question has taken back: nothing more can be asked in this transaction.
                    raise
                made[index] = error
            except Exception as error:
                made[index] = error
            else:
                if isinstance(asked, Turn):
                    queue[index] = asked.key
                else:
                    asking[index] = asked
                continue
            turns = {key: one for key, one in turns.items() if one != index}
        given = iter((yield [one for asked in asking.values() for one in _listed(asked)]) if asking else ())
        answers = {index: _of(asked, given) for index, asked in asking.items()}
        for index, key in list(queue.items()):
            if turns.get(key, index) == index:
                turns[key] = index
                answers[index] = None
                del queue[index]
        answers = dict(sorted(answers.items(), key=lambda pair: pair[0]))
    if queue:
        raise RuntimeError("Rows that have a turn wait for each other.")
    return made


def every(rows: Iterable[Steps]) -> Steps[list]:
    """The parts of a row side by side; what is wrong with the first wrong one is wrong with the row."""
    made = yield from side_by_side(rows)
    for one in made:
        if isinstance(one, Exception):
            raise one
    return made


def each(questions: Iterable[Question]) -> Steps[list]:
    """Several questions of one row at once; the first answer that is an exception is raised."""
    questions = list(questions)
    answers = (yield questions) if questions else []
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def _next(steps: Steps, answer):
    return steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)


def _listed(asked: Question | list[Question]) -> list[Question]:
    return asked if isinstance(asked, list) else [asked]


def _of(asked: Question | list[Question], given: Iterator):
    return [next(given) for _ in asked] if isinstance(asked, list) else next(given)
