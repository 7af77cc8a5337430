"""What the pages of groups share."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from people.models import Capability, Organisation, User
from programme import queries
from programme.access import ADMINISTRATIONS
from programme.groups import reading
from programme.models import Group
from programme.views.base import ensure_can


def arranger(request: HttpRequest) -> User:
    """The account, if it arranges groups anywhere; otherwise the page does not exist."""
    return ensure_can(request, Capability.ARRANGE)


def the_group(user: User, public_id: str) -> Group:
    """The group, if the user arranges it; otherwise it does not exist."""
    return get_object_or_404(reading.groups_for(user), public_id=public_id)


def arranged_districts(user: User) -> QuerySet[Organisation]:
    """The administrations of today in which the user arranges."""
    ids = [each.pk for each in queries.administrations_for(user, Capability.ARRANGE)]
    return (
        Organisation.objects.valid_on(timezone.localdate())
        .filter(pk__in=ids, kind__in=ADMINISTRATIONS)
        .order_by("name")
    )
