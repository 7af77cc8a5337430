"""What a request asks for more than once is fetched once, and not kept for the next."""

from itertools import count

import pytest
from django.http import HttpRequest, HttpResponse

from core.once import OnceMiddleware, once_a_request


@pytest.fixture
def numbers() -> once_a_request[int]:
    """Something whose answer is another every time it is truly asked."""
    counter = count(1)

    @once_a_request
    def asked() -> int:
        return next(counter)

    return asked


def _answers(asked: once_a_request[int], *, forget: bool = False) -> list[int]:
    """What two parts of one request are told."""
    found: list[int] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(asked())
        if forget:
            asked.forget()
        found.append(asked())
        return HttpResponse()

    OnceMiddleware(view)(HttpRequest())
    return found


def test_a_request_asks_once_and_the_next_one_anew(numbers: once_a_request[int]) -> None:
    assert _answers(numbers) == [1, 1]
    assert _answers(numbers) == [2, 2]


def test_what_the_request_changed_is_asked_again(numbers: once_a_request[int]) -> None:
    assert _answers(numbers, forget=True) == [1, 2]


def test_outside_a_request_nothing_is_kept(numbers: once_a_request[int]) -> None:
    numbers.forget()
    assert [numbers(), numbers()] == [1, 2]


def test_a_request_that_fails_keeps_nothing(numbers: once_a_request[int]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        numbers()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        OnceMiddleware(view)(HttpRequest())
    assert [numbers(), numbers()] == [2, 3]
