"""Markup in every text that anyone writes: laid past every form, so that no rule on the way in helps.

What is laid is seen where it comes out. It begins as a formula does, closes an
attribute, is an element that no page has, and where there is room runs a script.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from wagtail.fields import RichTextField
from wagtail.models import Page

MARK = "x-e5"
SHORT = f"=\"'><{MARK}>"
LONG = f"{SHORT}<img src=x onerror=e5=1>{{{{7*7}}}}"
ROOMS = ("people", "forms_app", "workflows", "programme", "cms", "reports", "core", "audit")
#: What nobody writes in words: keys, addresses, digests, and what only machines read.
NO_WORDS = re.compile(
    r"(^|_)(key|code|path|digest|sha256|hash|secret|token|salt|seed|password|mime|id|prefix|series)$"
    r"|^(public_id|email|address|link|join_address|content_type|language|kind|case_kind|audience"
    r"|reference|schema|file_hash|op|table|channel|db_user|row_id|request_id|key_function"
    r"|current_step|organisation_field|title_field|subtitle_field|person_field|shown_email"
    r"|nuts2|cci|question|device|payload|material|subject|owner)$"
)
#: Where such a name is a text after all.
WORDS = {"workflows.Mailing.subject", "workflows.Message.subject", "workflows.MessageText.subject"}
#: In data of many kinds, the texts: what stands under these names, or reads as a sentence.
NAMED = {"label", "help", "name", "title", "words", "shown", "subject", "introduction"}


def words_of(room: str) -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every field of the room that holds words, history included."""
    for model in apps.get_app_config(room).get_models():
        for field in model._meta.local_concrete_fields:
            text = isinstance(field, models.CharField | models.TextField)
            label = f"{room}.{model.__name__.removeprefix('Historical')}.{field.name}"
            # What the editor's text may hold is sifted when it is saved, and shown as it stands.
            if not text or field.choices or isinstance(field, RichTextField):
                continue
            if label in WORDS or not NO_WORDS.search(field.name):
                yield model, field


def too_short() -> list[str]:
    """Fields without room for the markup: nothing that runs fits there either."""
    return [
        f"{model._meta.label}.{field.name}"
        for room in ROOMS
        for model, field in words_of(room)
        if field.max_length and field.max_length < len(SHORT)
    ]


def lay() -> int:
    """Lay the markup in every row there is; how many fields have it."""
    laid = 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for room in ROOMS:
            for model in apps.get_app_config(room).get_models():
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')
        for room in ROOMS:
            for model, field in words_of(room):
                laid += _lay(cursor, model, field)
        for model, name in (
            (apps.get_model("forms_app.Submission"), "answers"),
            (apps.get_model("forms_app.FormVersion"), "schema"),
            (apps.get_model("workflows.Case"), "data"),
            (apps.get_model("workflows.WorkflowVersion"), "steps"),
            (apps.get_model("programme.Recording"), "chapters"),
            (apps.get_model("programme.CountedTime"), "explanation"),
            (apps.get_model("reports.Certificate"), "content"),
        ):
            for row in model._default_manager.all():
                value = replaced(getattr(row, name))
                model._default_manager.filter(pk=row.pk).update(**{name: value})
                laid += 1
    Page.objects.filter(depth__gt=1).update(title=LONG, draft_title=LONG, search_description=LONG)
    return laid


def _lay(cursor: Any, model: type[models.Model], field: models.Field[Any, Any]) -> int:
    room = field.max_length or 10_000
    if room < len(SHORT):
        return 0
    table, column = model._meta.db_table, field.column
    text = LONG if room >= len(LONG) + 8 else SHORT
    # A number after it where there is room, since some may not be alike.
    own = f' || "{model._meta.pk.column}"::text' if room > len(text) + 8 else ""
    cursor.execute(f'UPDATE "{table}" SET "{column}" = %s{own} WHERE "{column}" <> \'\'', [text])
    return 1


def replaced(value: Any, name: str = "") -> Any:
    """The value with markup for every text in it."""
    if isinstance(value, dict):
        return {key: replaced(each, str(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, name) for each in value]
    if isinstance(value, str) and value and (name in NAMED or " " in value):
        return LONG
    return value
