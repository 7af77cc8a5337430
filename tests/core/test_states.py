"""Migrations render what an operation changes, and a state is the same as Django's in the end."""

import pytest
from django.db import migrations, models
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from audit.triggers import AlwaysSql
from core.states import LeanState

PLAIN_AND_LEAN = pytest.mark.parametrize("kind", [ProjectState, LeanState])
TRIGGER = Trigger(
    name="seen",
    sql=AlwaysSql(
        pgid="seen", table="shop_order", when="AFTER", operation="INSERT", execute="public.x()"
    ),
)


def table(name: str, *points_to: str) -> migrations.CreateModel:
    """A table with a foreign key to each of the others."""
    fields: list[tuple[str, models.Field[object, object]]] = [
        ("id", models.BigAutoField(primary_key=True))
    ]
    fields += [
        (to.lower(), models.ForeignKey(f"shop.{to}", on_delete=models.PROTECT)) for to in points_to
    ]
    return migrations.CreateModel(name, fields)


def state_of(kind: type[ProjectState]) -> ProjectState:
    """City ← Person ← Order, rendered."""
    state = kind()
    for operation in (table("City"), table("Person", "City"), table("Order", "Person")):
        operation.state_forwards("shop", state)
    assert len(state.apps.get_models()) == 3
    return state


def test_a_trigger_makes_no_model_anew() -> None:
    for kind, anew in ((ProjectState, True), (LeanState, False)):
        state = state_of(kind)
        order = state.apps.get_model("shop", "order")

        AddTrigger("order", TRIGGER).state_forwards("shop", state)
        assert (state.apps.get_model("shop", "order") is not order) == anew
        RemoveTrigger("order", "seen").state_forwards("shop", state)

        assert (state.apps.get_model("shop", "order") is not order) == anew
        assert state.models["shop", "order"].options["triggers"] == []


@PLAIN_AND_LEAN
def test_a_field_after_a_trigger_is_there(kind: type[ProjectState]) -> None:
    state = state_of(kind)

    AddTrigger("order", TRIGGER).state_forwards("shop", state)
    migrations.AddField("order", "note", models.TextField(default="")).state_forwards("shop", state)
    AddTrigger("order", TRIGGER).state_forwards("shop", state)
    migrations.AddField("order", "more", models.TextField(default="")).state_forwards("shop", state)

    rendered = state.apps.get_model("shop", "order")
    assert {"note", "more"} <= {field.name for field in rendered._meta.get_fields()}
    assert state.models["shop", "order"].options["triggers"] == [TRIGGER, TRIGGER]


def test_an_added_table_makes_no_other_anew() -> None:
    for kind, anew in ((ProjectState, True), (LeanState, False)):
        state = state_of(kind)
        city = state.apps.get_model("shop", "city")
        pointed_to = state.apps.get_model("shop", "order")

        table("Parcel", "Order").state_forwards("shop", state)

        assert (state.apps.get_model("shop", "city") is not city) == anew
        assert (state.apps.get_model("shop", "order") is not pointed_to) == anew
        parcel = state.apps.get_model("shop", "parcel")
        order = state.apps.get_model("shop", "order")
        assert parcel._meta.get_field("order").related_model is order
        assert "parcel" in {field.name for field in order._meta.get_fields()}


def test_an_added_foreign_key_makes_only_its_own_table_anew() -> None:
    for kind, anew in ((ProjectState, True), (LeanState, False)):
        state = state_of(kind)
        city, order = (state.apps.get_model("shop", name) for name in ("city", "order"))

        field: models.ForeignKey[object, object]
        field = models.ForeignKey("shop.City", default=1, on_delete=models.PROTECT)
        migrations.AddField("order", "city", field).state_forwards("shop", state)

        assert (state.apps.get_model("shop", "city") is not city) == anew
        made = state.apps.get_model("shop", "order")
        assert made is not order
        assert made._meta.get_field("city").related_model is state.apps.get_model("shop", "city")


def test_what_inherits_is_made_anew_with_what_it_inherits_from() -> None:
    state = state_of(LeanState)
    pointer: models.OneToOneField[object, object] = models.OneToOneField(
        "shop.Order", parent_link=True, primary_key=True, on_delete=models.CASCADE
    )
    gift = migrations.CreateModel("Gift", [("order_ptr", pointer)], bases=("shop.Order",))
    gift.state_forwards("shop", state)

    migrations.AddField("order", "note", models.TextField(default="")).state_forwards("shop", state)

    made = state.apps.get_model("shop", "gift")
    assert made.__mro__[1] is state.apps.get_model("shop", "order")
    assert made._meta.get_field("note")


@PLAIN_AND_LEAN
def test_who_points_to_a_changed_field_is_known_before_and_after(kind: type[ProjectState]) -> None:
    """The schema editor changes the columns that point to it by these two lists."""
    state = state_of(kind)
    table("Parcel", "City").state_forwards("shop", state)

    before = state.clone()
    key = migrations.AlterField("city", "id", models.AutoField(primary_key=True))
    key.state_forwards("shop", state)

    for one in (before, state):
        city = one.apps.get_model("shop", "city")
        pointing = {field.related_model for field in city._meta.related_objects}
        assert pointing == {one.apps.get_model("shop", name) for name in ("person", "parcel")}


def test_what_runs_code_sees_every_model_fresh() -> None:
    state = state_of(LeanState)
    table("Parcel", "Order").state_forwards("shop", state)

    copy = state.clone()
    assert isinstance(copy, LeanState)
    copy.clear_delayed_apps_cache()  # as RunPython does

    found = copy.apps.get_model("shop", "parcel")._meta.get_field("order").related_model
    assert found._meta.get_field("person").related_model is copy.apps.get_model("shop", "person")


def test_the_two_are_the_same_in_the_end() -> None:
    states = [state_of(kind) for kind in (ProjectState, LeanState)]
    for state in states:
        for operation in (
            table("Parcel", "Order", "City"),
            AddTrigger("order", TRIGGER),
            migrations.RemoveField("order", "person"),
            migrations.RenameModel("Parcel", "Box"),
            migrations.DeleteModel("Person"),
        ):
            operation.state_forwards("shop", state)
    plain, lean = states

    assert plain == lean
    rendered = [
        {
            model._meta.label: sorted(field.name for field in model._meta.get_fields())
            for model in state.apps.get_models()
        }
        for state in states
    ]
    assert rendered[0] == rendered[1]
