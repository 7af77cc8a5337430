"""What the pages of registers share."""

from collections.abc import Mapping, Sequence

from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from people.models import User
from programme.errors import Refused
from programme.models import Entry, Register
from programme.registers import access
from programme.registers.errors import Invalid
from programme.views.base import user_of


def seen(request: HttpRequest, key: str) -> tuple[User, Register]:
    """The account and the register, if it may see it; otherwise there is no such page."""
    user = user_of(request)
    found = access.registers_seen_by(user).select_related("form")
    return user, get_object_or_404(found, key=key)


def writable(request: HttpRequest, key: str) -> tuple[User, Register]:
    """The same, for those who may write entries of a register in use."""
    user, register = seen(request, key)
    if not register.in_use or not access.may_write(user, register):
        raise Http404
    return user, register


def definable(request: HttpRequest, key: str) -> tuple[User, Register]:
    """The same, for those who define registers and freeze versions."""
    user, register = seen(request, key)
    if not access.may_define(user):
        raise Http404
    return user, register


def entry_of(register: Register, public_id: str) -> Entry:
    """An entry of the register."""
    return get_object_or_404(Entry.objects.filter(register=register), public_id=public_id)


def put(form: BaseForm, error: Refused) -> None:
    """Say in a form why its action was refused, each reason at its field."""
    said: Mapping[str, Sequence[str]] = (
        error.errors if isinstance(error, Invalid) else {"": [str(error.message)]}
    )
    for name, texts in said.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
