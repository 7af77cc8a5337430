"""The demo, with one thing of each kind that belongs to Farsta."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation
from cms.models import ContactMessage
from forms_app.models import StoredFile
from forms_app.resume import token_of
from people.models import Organisation, RoleAssignment, User
from programme.actions import nominate
from programme.attendance.checking import personal_code_of
from programme.case_types import actions as case_types
from programme.models import (
    Entry,
    ImportBatch,
    NominationKind,
    Place,
    Wave,
)
from tests.permissions import documents, employees, governance, months, training
from workflows.actions import delegation
from workflows.models import Case, Mailing, Message, MessageRule

ACCOUNTS = {
    "own participant": "deltagare.farsta@example.org",
    "other participant": "deltagare.bromma@example.org",
    "own manager": "chef.farsta@example.org",
    "other manager": "chef.bromma@example.org",
    "own head": "avdelningschef.farsta@example.org",
    "other head": "avdelningschef.bromma@example.org",
    "project leader": "projektledare@example.org",
    "administrator": "administrator@example.org",
    "economist": "ekonom@example.org",
    "communicator": "kommunikator@example.org",
    "steering group": "styrgrupp@example.org",
    "auditor": "revisor@example.org",
    "trainer": "utbildare@example.org",
}


@dataclass(frozen=True)
class Scene:
    """The people who knock, and what stands in the addresses they try."""

    users: dict[str, User | None]
    # By the name of the address, or under "" for every address.
    values: dict[str, dict[str, object]]
    # The keys of their sessions, by whoever has signed them in.
    sessions: dict[str, str] = field(default_factory=dict)

    def values_for(self, name: str) -> dict[str, object]:
        """What fills the address of that name."""
        return {**self.values[""], **self.values.get(name, {})}


@contextmanager
def built() -> Iterator[Scene]:
    """The scene in a transaction of its own, which is never committed."""
    with transaction.atomic():
        yield laid()
        transaction.set_rollback(True)


@transaction.atomic
def laid() -> Scene:
    """The scene itself, in the caller's transaction if there is one."""
    call_command("demo", scale=0, verbosity=0, stdout=StringIO())
    with operation("test.scene"):
        return _scene()


def _scene() -> Scene:
    users: dict[str, User | None] = {"anonymous": None}
    users |= {name: User.objects.get(email=email) for name, email in ACCOUNTS.items()}
    chef = users["own manager"]
    assert chef is not None
    users["deactivated"] = User.objects.create_user("gone@example.org", "demo", is_active=False)
    users["superuser"] = User.objects.create_superuser("root@example.org", "demo")

    place = Place.objects.filter(
        state=Place.State.OFFERED, nomination__person__user=users["own participant"]
    ).select_related("nomination")[0]

    wave = Wave.objects.get(number=1)
    kind = NominationKind.objects.get(key="medarbetare", programme=wave.programme)
    draft = nominate.start(wave=wave, kind=kind, actor=chef)
    batch = ImportBatch.objects.create(
        owner=chef, wave=wave, kind=kind, version=draft.version, file_name="a.csv", sha256="0" * 64
    )
    file = StoredFile.objects.create(
        owner=chef,
        draft=draft,
        field_key="bilaga",
        name="a.txt",
        content_type="text/plain",
        size=1,
        sha256="0" * 64,
        path=storages["private"].save("a.txt", ContentFile(b"x")),
    )
    case = Case.objects.filter(initiator=chef, state=Case.State.WAITING)[0]
    returned = Case.objects.filter(initiator=chef, state=Case.State.RETURNED)[0]
    message = Message.objects.create(
        recipient=chef,
        address=chef.email,
        kind="test",
        dedupe_key="test",
        subject="Hej",
        body="Hej",
        state=Message.State.SENT,
        sent_at=timezone.now(),
    )
    draft_message = Message.objects.create(
        recipient=chef,
        address=chef.email,
        kind="case.declined",
        dedupe_key="draft",
        subject="Hej",
        body="Hej",
        state=Message.State.DRAFT,
    )
    held = RoleAssignment.objects.filter(user=chef)[0]
    head, other_head = users["own head"], users["other head"]
    assert head is not None
    assert other_head is not None
    deputy = delegation.add(
        giver=head,
        deputy=other_head,
        valid_from=timezone.localdate(),
        valid_to=timezone.localdate(),
        reason="semester",
        case_kind="finns-inte",
        actor=head,
    )
    cost = _cost(users["economist"])
    taking = training.taking(place.nomination.person, wave)
    dated = training.occasion(wave, place.nomination.person, users["trainer"])
    report = training.report(str(dated["occasion"]), users["trainer"])
    documents_of = documents.values()
    lecture = training.lecture(wave, place.nomination.person, users["communicator"])
    values: dict[str, dict[str, object]] = {
        "": {
            "reference": case.reference,
            "draft": draft.public_id,
            "step": draft.current_step,
            "batch": batch.public_id,
            "nomination": place.nomination.public_id,
            "place": place.public_id,
            "wave": wave.public_id,
            "kind": kind.key,
            "extension": "csv",
            "public_id": chef.public_id,
            **taking,
            **training.group(wave),
            **dated,
            **documents_of[""],
            **lecture,
            **governance.values(),
            "register": "kommunikationsplan",
            "entry": Entry.objects.get(register__key="kommunikationsplan", number=1).public_id,
        },
        "registers:version": {"register": "aktivitetsplan", "number": 1},
        "reports:audit_operation": {"operation": Operation.objects.order_by("at")[0].pk},
        "registers:compare": {"register": "aktivitetsplan"},
        **{name: each for name, each in documents_of.items() if name},
        **governance.papers(),
        "programme:complete": {"reference": returned.reference},
        "attendance:report": report,
        "attendance:report_confirm": report,
        "attendance:report_take_back": report,
        "attendance:decide": report,
        "attendance:evidence": report,
        "attendance:merge": {"person": training.named().public_id},
        "attendance:personal": {
            "code": personal_code_of(place.nomination.person, timezone.localdate())
        },
        "cms:message": {"public_id": _visitor()},
        "certificates:month": {"month": f"{wave.programme.starts_on:%Y-%m}"},
        "certificates:issue": {"month": f"{wave.programme.starts_on:%Y-%m}"},
        "certificates:month_pdf": {"month": f"{wave.programme.starts_on:%Y-%m}"},
        **months.months(place.nomination.person, str(dated["occasion"]), users["economist"]),
        **months.office(place.nomination.person, users["economist"]),
        **employees.values(place.nomination.person, users["administrator"]),
        "case_types:begin": {"key": "kostnad"},
        "case_types:wizard": cost,
        "case_types:discard": cost,
        "case_types:receipt": cost,
        "case_types:complete": cost,
        "people:end_role": {"public_id": held.public_id},
        "follow_up:persons": {"what": "borjade"},
        "lectures:covered": {"kind": "princip", "key": "equality"},
        "lectures:followers": {"key": "equality"},
        "forms_app:file": {"public_id": file.public_id},
        "forms_app:printout": {"public_id": case.nomination.submission.public_id},
        "forms_app:printout_pdf": {"public_id": case.nomination.submission.public_id},
        "forms_app:resume": {"token": token_of(draft)},
        "occasions:feed": {"token": training.calendar(place.nomination.person)},
        "workflows:end_deputy": {"public_id": deputy.public_id},
        "workflows:mail_message": {"public_id": message.public_id},
        **training.registered(wave, place.nomination.person),
        "workflows:message_draft": {"public_id": draft_message.public_id},
        "workflows:message_text": {"kind": "case.waiting"},
        "workflows:message_rule_new": {"audience": "occasion_no_answer"},
        "workflows:message_rule_end": {"public_id": MessageRule.objects.get().public_id},
        **{
            f"workflows:{name}": {"public_id": Mailing.objects.get().public_id}
            for name in ("mailing", "mailing_change", "mailing_retry")
        },
    }
    return Scene(users, values)


def _visitor() -> str:
    """What a visitor has written on the contact page."""
    message = ContactMessage.objects.create(
        subject=ContactMessage.Subject.QUESTION,
        text="När börjar nästa omgång?",
        language="sv",
        keep_until=timezone.localdate(),
    )
    return str(message.public_id)


def _cost(economist: User | None) -> dict[str, object]:
    """A cost that has been returned to the economist, and another one still being written."""
    assert economist is not None
    owner = Organisation.objects.get(code="stockholms-kommun")
    draft = case_types.start(key="kostnad", place=owner, actor=economist)
    case = Case.objects.filter(initiator=economist, state=Case.State.RETURNED, kind="kostnad")[0]
    return {
        "key": "kostnad",
        "draft": draft.public_id,
        "step": draft.current_step,
        "reference": case.reference,
    }
