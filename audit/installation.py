"""What a migration leaves to signals: functions, other packages' tables, the role."""

from typing import Any

from django.apps import apps
from django.db import connections, models

from audit import registry, roles, triggers


def install_functions(using: str, **kwargs: Any) -> None:
    """Create or replace the trigger functions; before migrations, whose triggers call them."""
    with connections[using].cursor() as cursor:
        cursor.execute(triggers.FUNCTIONS.read_text())


def install_rest(using: str, **kwargs: Any) -> None:
    """Put triggers on other packages' tables, whose migrations are not ours to write."""
    tables = set(connections[using].introspection.table_names())
    for label, decision in registry.decisions().items():
        if decision.kind is registry.Kind.EVENTS:
            model = apps.get_model(label)
            if model._meta.db_table in tables:
                install_triggers(model, using)
    roles.grant_all(using)


def install_all(using: str) -> None:
    """Install everything again, whatever migrations say is installed."""
    install_functions(using)
    for model in apps.get_models(include_auto_created=True):
        install_triggers(model, using)


def install_triggers(model: type[models.Model], using: str) -> None:
    """Install the triggers one model's table must have."""
    with connections[using].cursor() as cursor:
        for trigger in registry.triggers_of(model):
            cursor.execute(trigger.compile(model).install_sql)
