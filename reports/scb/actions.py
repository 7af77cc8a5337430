"""Every write about the files: make, send, compare with the receipt, make again what is old."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.operations import operation
from audit.reads import record_reading
from core.words import says
from people import organisations
from people.access import actor_of
from people.models import Identity, Person, User
from programme.errors import ReasonNeeded, Refused, Stale
from programme.models import Month, Programme
from programme.months import access, figures, rules
from programme.months.rules import UNFINISHED, Standing
from reports.models import ScbFile, ScbMapping
from reports.scb import columns, files, lines
from reports.scb.errors import (
    Changed,
    EarlierFirst,
    MissingNumbers,
    NotLocked,
    OtherReceipt,
    ReceiptNeeded,
    StillUnfinished,
)

LIVE = (ScbFile.State.MADE, ScbFile.State.SENT)


def mapping_for(programme: Programme, month: datetime.date) -> ScbMapping:
    """The columns that count for the month; the default ones are written down at first need."""
    valid = ScbMapping.objects.filter(programme=programme, valid_from__lte=month)
    found = valid.order_by("-valid_from").first()
    if found is not None:
        return found
    with transaction.atomic(), operation("scb.decide_columns"):
        made, _new = ScbMapping.objects.get_or_create(
            programme=programme,
            valid_from=programme.starts_on.replace(day=1),
            defaults={
                "columns": columns.DEFAULT,
                "decision": _("Columns until SCB's own template is at hand"),
            },
        )
    return made


@transaction.atomic
def decide_columns(
    *,
    programme: Programme,
    valid_from: datetime.date,
    chosen: list[dict[str, str]],
    decision: str,
    actor: User,
) -> ScbMapping:
    """Columns from a month on, with the decision behind them.

    :raises Refused: for unknown, double or missing fields, or a month that has its columns.
    """
    access.ensure_closes(actor, programme)
    if not says(decision):
        raise ReasonNeeded
    wrong = columns.problem_with(chosen)
    if wrong or not all(column["heading"].strip() for column in chosen):
        raise Refused(
            _("Each column has a heading, and number and hours must be there. See “%(field)s”.")
            % {"field": wrong or "?"}
        )
    mapping_for(programme, programme.starts_on.replace(day=1))
    if ScbMapping.objects.filter(programme=programme, valid_from=valid_from).exists():
        raise Refused(_("That month already has its columns. Choose a later month."))
    with operation("scb.decide_columns", actor=actor_of(actor), reason=decision.strip()):
        return ScbMapping.objects.create(
            programme=programme,
            valid_from=valid_from,
            columns=chosen,
            decision=decision.strip()[:120],
        )


def header_of(month: Month) -> columns.Header:
    """What every line of the month's file says."""
    programme = month.programme
    return columns.Header(
        f"{month.first_day:%Y-%m}",
        programme.record_number,
        organisations.number_of(programme.owner),
    )


def without_number(programme: Programme, month: datetime.date) -> list[int]:
    """Persons who would be in the file if the vault had their number."""
    checked = [
        one.person_id
        for one in figures.persons_of(programme.pk, month)
        if one.standing == Standing.CHECKED
    ]
    known = Identity.objects.filter(person__in=checked).values_list("person_id", flat=True)
    # Whoever is only a name may be an employee whose number the vault has.
    theirs = Q(publicly_employed=True) | Q(temporary=True)
    expected = Person.objects.filter(theirs, pk__in=checked)
    return sorted(set(expected.values_list("pk", flat=True)) - set(known))


def unfinished(month: Month) -> list[figures.PersonMonth]:
    """Persons whose hours changed after the lock and are not checked again."""
    left_out = {row["person"] for row in month.summary.get("left_out", [])}
    return [
        one
        for one in figures.persons_of(month.programme_id, month.first_day)
        if one.standing in UNFINISHED and one.person_id not in left_out
    ]


def latest(month: Month) -> ScbFile | None:
    """The newest version; its lines are fetched only when they are asked for."""
    return ScbFile.objects.defer("lines").filter(month=month).order_by("-version").first()


@transaction.atomic
def make(
    *, month_id: int, actor: User, reason: str = "", leave_out_missing: bool = False
) -> ScbFile:
    """Make the month's file; when nothing has changed the version there is stands.

    :raises NotLocked: before the lock.
    :raises StillUnfinished: while corrected hours wait for being attested and checked.
    :raises MissingNumbers: when someone lacks a number and is not to be left out.
    """
    month = (
        Month.objects.select_for_update(of=("self",))
        .select_related("programme__owner")
        .get(pk=month_id)
    )
    access.ensure_closes(actor, month.programme)
    if month.state != Month.State.LOCKED:
        raise NotLocked
    waiting, missing = lines.left(month)
    if waiting:
        raise StillUnfinished(waiting, month.first_day)
    if missing and not leave_out_missing:
        raise MissingNumbers(missing)
    held = lines.hold(month.programme, month.first_day)
    mapping = mapping_for(month.programme, month.first_day)
    last = latest(month)
    if last is not None and _stands(last, held.digest, mapping):
        return last
    code = f"{month.first_day:%Y-%m}"
    with operation("scb.make", actor=actor_of(actor), reason=reason.strip(), subject=code):
        record_reading("scb.read_numbers", code, reason=_("The month's file was made."))
        made = files.make(lines.sealed_now(), mapping.columns, header_of(month))
        made.close()
        ScbFile.objects.filter(month=month, state=ScbFile.State.MADE).update(
            state=ScbFile.State.REPLACED
        )
        kept = ScbFile.objects.create(
            month=month,
            version=1 + (month.scb_files.aggregate(last=Max("version"))["last"] or 0),
            mapping=mapping,
            rows=held.rows,
            minutes=held.minutes,
            hours_hundredths=held.hundredths,
            lines=held.stored,
            lines_digest=held.digest,
            csv_digest=made.csv_digest,
            xlsx_digest=made.xlsx_digest,
            reason=reason.strip(),
            made_by=actor,
        )
        return ScbFile.objects.defer("lines").get(pk=kept.pk)


def _stands(last: ScbFile, digest: str, mapping: ScbMapping) -> bool:
    same = last.lines_digest == digest and last.mapping_id == mapping.pk
    return same and last.stale_since is None


def made_again(file: ScbFile) -> files.Made:
    """The same bytes once more, from the stored lines; the opening of the numbers is noted.

    :raises Changed: when they do not come out the same.
    """
    record_reading(
        "scb.read_numbers", f"{file.month.first_day:%Y-%m}", reason=f"version {file.version}"
    )
    with transaction.atomic():
        made = files.make(lines.sealed_of(file), file.mapping.columns, header_of(file.month))
    if (made.csv_digest, made.xlsx_digest) != (file.csv_digest, file.xlsx_digest):
        made.close()
        raise Changed
    return made


@transaction.atomic
def send(*, file_id: int, receipt: str, actor: User) -> ScbFile:
    """Note that the file is sent, with the receipt; months in order.

    :raises EarlierFirst: while an earlier month's file waits for being sent.
    :raises OtherReceipt: when somebody has noted another receipt for the file.
    """
    file = _locked(file_id, actor)
    if not says(receipt):
        raise ReceiptNeeded
    if file.state == ScbFile.State.SENT:
        if file.receipt != receipt.strip()[:200]:
            raise OtherReceipt(file.receipt)
        return file
    if file.state != ScbFile.State.MADE or file.stale_since is not None:
        raise Stale
    _ensure_earlier_sent(file)
    code = f"{file.month.first_day:%Y-%m}"
    with operation("scb.send", actor=actor_of(actor), reason=receipt.strip()[:200], subject=code):
        ScbFile.objects.filter(month=file.month, state=ScbFile.State.SENT).update(
            state=ScbFile.State.REPLACED
        )
        file.state = ScbFile.State.SENT
        file.sent_by, file.sent_at = actor, timezone.now()
        file.receipt = receipt.strip()[:200]
        file.save(update_fields=["state", "sent_by", "sent_at", "receipt"])
    return file


def _locked(file_id: int, actor: User) -> ScbFile:
    seen = ScbFile.objects.select_related("month__programme__owner").get(pk=file_id)
    access.ensure_closes(actor, seen.month.programme)
    # Sending, making and correcting of a month wait for each other on its row.
    Month.objects.select_for_update().get(pk=seen.month_id)
    return ScbFile.objects.select_for_update(of=("self",)).select_related("month").get(pk=file_id)


def _ensure_earlier_sent(file: ScbFile) -> None:
    """Every earlier locked month with hours must have a sent file that is not old."""
    sent = ScbFile.objects.filter(state=ScbFile.State.SENT, stale_since=None)
    earlier = (
        Month.objects.filter(
            programme=file.month.programme_id,
            first_day__lt=file.month.first_day,
            state=Month.State.LOCKED,
            summary__persons__gt=0,
        )
        .exclude(pk__in=sent.values("month"))
        .order_by("first_day")
        .first()
    )
    if earlier is not None:
        raise EarlierFirst(earlier.first_day)


@transaction.atomic
def reconcile(*, file_id: int, rows: int, hundredths: int, actor: User) -> ScbFile:
    """Keep what the receipt says arrived; the page compares it with what was sent."""
    file = _locked(file_id, actor)
    if file.state not in (ScbFile.State.SENT, ScbFile.State.REPLACED) or not file.receipt:
        raise Stale
    code = f"{file.month.first_day:%Y-%m}"
    with operation("scb.reconcile", actor=actor_of(actor), subject=code):
        file.received_rows, file.received_hundredths = rows, hundredths
        file.save(update_fields=["received_rows", "received_hundredths"])
    return file


def month_changed(month: Month) -> None:
    """A correction: this month's file and every later one must be made and sent again."""
    with operation("scb.stale", subject=f"{month.first_day:%Y-%m}"):
        ScbFile.objects.filter(
            month__programme=month.programme_id,
            month__first_day__gte=month.first_day,
            state__in=LIVE,
            stale_since=None,
        ).update(stale_since=timezone.now())


@transaction.atomic
def make_all_again(*, programme: Programme, reason: str, actor: User) -> list[ScbFile]:
    """New versions of every month whose file is old, in order; all of them or none."""
    access.ensure_closes(actor, programme)
    if not says(reason):
        raise ReasonNeeded
    return [
        make(month_id=month.pk, actor=actor, reason=reason, leave_out_missing=True)
        for month in old_months(programme)
    ]


def made_in_words(number: int) -> str:
    """How many new versions there are."""
    if not number:
        return _("No file is old, so nothing needed to be made.")
    return ngettext(
        "%(n)d new version is made. Send it.",
        "%(n)d new versions are made. Send them in order.",
        number,
    ) % {"n": number}


def left_out_in_words(months: Iterable[Month]) -> str:
    """How many lack a number in each of the months, and so a line; empty when nobody does."""
    numbers = {f"{month.first_day:%Y-%m}": lines.left(month)[1] for month in months}
    told = ", ".join(f"{code} ({number})" for code, number in numbers.items() if number)
    if not told:
        return ""
    return _(
        "Persons without a personal identity number are not in the new versions: %(months)s."
        " The month's page says who they are."
    ) % {"months": told}


def old_months(programme: Programme) -> list[Month]:
    """Months whose newest version is old, in order."""
    newest: dict[int, ScbFile] = {}
    for file in (
        ScbFile.objects.filter(month__programme=programme)
        .order_by("version")
        .defer("lines")
        .select_related("month")
    ):
        newest[file.month_id] = file
    old = [file.month for file in newest.values() if file.stale_since is not None]
    return sorted(old, key=lambda month: month.first_day)


def due_on(month: Month) -> datetime.date:
    """The last day to send the month's file."""
    return rules.due_on(month.first_day)
