"""One group: who is in it, when it meets, and what can be done with its members."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from people.display import name_of
from people.models import User
from programme.errors import NotAllowed, Refused
from programme.forms import ReasonForm
from programme.groups import making, placing, reading, rules
from programme.groups.forms import LeaveForm, MoveForm, ParticipationReasonForm
from programme.groups.views.base import arranger, the_group
from programme.groups.words import GROUP_STATUS, PARTICIPATION_STATUS, held_in_words, in_words
from programme.message_audiences import writing_to
from programme.models import Group, LeavingReason, Membership, Occasion, Participation
from programme.queries import settings_on
from programme.views.base import say_refused


@login_required
def group(request: HttpRequest, group: str) -> HttpResponse:
    """The group's page; a change that is sent here is carried out with its reason."""
    user = arranger(request)
    found = the_group(user, group)
    memberships = reading.members_of(found)
    forms = _forms(request, found, memberships, user)
    if request.method == "POST":
        chosen = request.POST.get("action", "")
        if chosen not in forms:
            raise Http404
        form = forms[chosen]
        if form.is_valid() and _carry_out(request, chosen, form, found, memberships, user):
            return redirect("groups:group", group=found.public_id)
    occasions = reading.occasions_of(found)
    day = timezone.localdate()
    values = settings_on(found.course.programme, day)
    limits = reading.limits_on(found.course.programme, day)
    standing = reading.standing_of(memberships, occasions)
    ended = found.state in (Group.State.FINISHED, Group.State.CANCELLED)
    return render(
        request,
        "groups/group.html",
        {
            "group": found,
            "status": GROUP_STATUS[Group.State(found.state)],
            "members": [
                {
                    "member": member,
                    "status": PARTICIPATION_STATUS[Participation.State(member.participation.state)],
                }
                for member in reading.named(memberships, user)
            ],
            "former": [
                {"name": name_of(m.participation.person, user), "membership": m}
                for m in reading.former_members(found)
            ],
            "occasions": occasions,
            "missed": "" if ended else _missed(occasions),
            "composition": reading.composition([m.participation for m in memberships], values),
            "warnings": []
            if ended
            else [in_words(warning) for warning in rules.warnings(standing, limits)],
            "forms": forms,
            "write_to": writing_to(user, "group", found.public_id) if memberships else "",
            "bound": [form for form in forms.values() if form.is_bound],
        },
        status=422 if request.method == "POST" else 200,
    )


def _missed(occasions: Sequence[Occasion]) -> str:
    """How many occasions whoever is placed now comes too late for; nothing when there is none."""
    now = timezone.now()
    standing = [one for one in occasions if one.state != Occasion.State.CANCELLED]
    over = sum(one.ends_at <= now for one in standing)
    return held_in_words(over, len(standing)) if over else ""


def _forms(
    request: HttpRequest, found: Group, memberships: list[Membership], user: User
) -> dict[str, Form]:
    """The forms that the group's state allows; the one that was sent is bound."""

    def data(name: str) -> dict[str, Any]:
        sent = request.method == "POST" and request.POST.get("action") == name
        return {"data": request.POST if sent else None, "prefix": name}

    forms: dict[str, Form] = {}
    if memberships and found.state in placing.OPEN:
        members = [
            (m.participation.public_id, name_of(m.participation.person, user)) for m in memberships
        ]
        others = (
            Group.objects.arranged_by(user)
            .running()
            .filter(course=found.course_id)
            .exclude(pk=found.pk)
        )
        forms["move"] = MoveForm(
            **data("move"),
            members=members,
            groups=others,
            initial={"from_date": timezone.localdate()},
        )
        forms["take_out"] = ParticipationReasonForm(**data("take_out"), members=members)
        kinds = LeavingReason.objects.filter(programme__courses=found.course_id, in_use=True)
        forms["end"] = LeaveForm(**data("end"), members=members, kinds=kinds)
    if found.state == Group.State.PLANNED:
        forms["cancel"] = ReasonForm(**data("cancel"))
    return forms


def _carry_out(
    request: HttpRequest,
    chosen: str,
    form: Form,
    found: Group,
    memberships: list[Membership],
    user: User,
) -> bool:
    """Do what was asked; say so, or why not."""
    clean = form.cleaned_data
    ids = {m.participation.public_id: m.participation_id for m in memberships}
    person = ids.get(clean.get("participation", ""), 0)
    why: dict[str, Any] = {"reason": clean["reason"], "actor": user}
    doing: dict[str, Callable[[], object]] = {
        "move": lambda: placing.move(
            participation_id=person, group=clean["group"], from_date=clean["from_date"], **why
        ),
        "take_out": lambda: placing.take_out(participation_id=person, **why),
        "end": lambda: placing.end_participation(
            participation_id=person, kind=clean["kind"], **why
        ),
        "cancel": lambda: making.cancel_group(group_id=found.pk, **why),
    }
    try:
        doing[chosen]()
    except NotAllowed as error:
        raise Http404 from error
    except Refused as error:
        say_refused(request, error)
        return False
    messages.success(request, _("Done. The change and its reason are kept."))
    return True
