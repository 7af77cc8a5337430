"""A question put together once gives what the plain one gives, for whatever values it is asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import CharField, F, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from core.prepared import Prepared, Slot
from people.models import Organisation
from tests.people.builders import organisation


def _children(name: object) -> QuerySet[Organisation]:
    """Organisations below the one with that name, with it and a column worked out."""
    return (
        Organisation.objects.filter(parent__name=name)
        .select_related("parent")
        .annotate(above=F("parent__code"))
        .order_by("code")
    )


@pytest.fixture
def asked(operation: None) -> Prepared[Organisation]:
    """The prepared question, with two trees to ask about."""
    for town in ("Norr", "Söder"):
        top = organisation(f"top-{town[0].lower()}", name=town)
        for number in (1, 2):
            organisation(f"{top.code}-{number}", top)
    return Prepared(lambda: _children(Slot("name", CharField())))


@pytest.mark.parametrize("name", ["Norr", "Söder", "Öster", "' OR 1=1 --", "%s"])
def test_the_rows_are_those_of_the_plain_question(asked: Prepared[Organisation], name: str) -> None:
    def told(rows: list[Organisation]) -> list[tuple[str, str, str]]:
        return [(row.code, row.parent.name if row.parent else "", row.above) for row in rows]  # type: ignore[attr-defined]

    asked(name="Norr")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = told(asked(name=name))
    assert len(queries) == 1, "what is joined came with the same question"
    assert found == told(list(_children(name)))


def test_it_is_put_together_once(
    asked: Prepared[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    whole = SQLCompiler.as_sql

    def counted(self: SQLCompiler, *args: object, **kwargs: object) -> object:
        made.append(self.query.get_meta().object_name or "")
        return whole(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(SQLCompiler, "as_sql", counted)
    list(_children("Norr"))
    assert made == ["Organisation"], "the counter counts"
    for name in ("Norr", "Söder", "Norr"):
        assert len(asked(name=name)) == 2
    assert made == ["Organisation"] * 2


def test_a_value_left_out_is_an_error(asked: Prepared[Organisation]) -> None:
    with pytest.raises(KeyError, match="name"):
        asked()


def test_what_one_question_found_can_be_changed_and_saved(asked: Prepared[Organisation]) -> None:
    row, _other = asked(name="Norr")
    row.short_name = "Nytt"
    row.save()
    assert asked(name="Norr")[0].short_name == "Nytt"


@pytest.mark.django_db(transaction=True)
def test_threads_ask_at_once_each_on_a_connection_of_its_own() -> None:
    question = Prepared(lambda: Organisation.objects.filter(code=Slot("code", CharField())))

    def ask(number: int) -> list[str]:
        try:
            return [row.code for row in question(code=f"none-{number}")]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(40))) == [[]] * 40
