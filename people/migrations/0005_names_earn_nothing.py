"""Whoever is written down by name only is not known to be employed by the city."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from audit.operations import operation


def set_not_employed(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Correct those written down before this was a rule; their history keeps what it said."""
    with operation("person.update", reason="Skrivna efter namn, inte kända som anställda"):
        apps.get_model("people", "Person").objects.filter(temporary=True).update(
            publicly_employed=False
        )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_last_day_of_employment"),
    ]

    operations = [
        migrations.RunPython(set_not_employed, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("temporary", False), ("publicly_employed", False), _connector="OR"),
                name="person_by_name_not_known_employed",
            ),
        ),
    ]
