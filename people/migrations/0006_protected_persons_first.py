"""Persons are listed by name, but nobody with a protected identity between two neighbours."""

from django.db import migrations
from django.db.models import Case, CharField, F, Q, Value, When


def unless_protected(name: str) -> Case:
    return Case(
        When(Q(protected=True), then=Value("")), default=F(name), output_field=CharField()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_names_earn_nothing"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="person",
            options={
                "ordering": [unless_protected("last_name"), unless_protected("first_name")],
                "verbose_name": "person",
                "verbose_name_plural": "persons",
            },
        ),
    ]
