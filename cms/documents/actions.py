"""Letting a version out: one asks, the gate looks, another decides."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from cms.documents.errors import NotAllowed, OwnRequest, Refused, Stale, Stopped
from cms.documents.gate.findings import Finding
from cms.documents.gate.look import findings_of
from cms.documents.gate.rules import is_reason, left_by_asker, left_by_second, newly_found
from cms.models.document import DocumentVersion, Override, Publication, RegisteredDocument
from people.access import actor_of, held_by
from people.models import Capability, User

OUT = (Publication.State.WAITING, Publication.State.PUBLISHED)


@transaction.atomic
def ask(*, version: DocumentVersion, reasons: Mapping[str, str], actor: User) -> Publication:
    """Ask a colleague to let the version out.

    :param reasons: why a finding does not stop it, by the finding's code.
    :raises Stopped: when the gate has found more than there are reasons for.
    """
    _ensure_publishes(actor)
    document = _locked(version.document_id)
    newest = document.versions.first()
    if newest is None or newest.pk != version.pk:
        raise Stale
    if version.publications.filter(state__in=OUT).exists():
        raise Stale
    # The document as it is now, not as the page showed it.
    version.document = document
    findings = findings_of(version)
    left = left_by_asker(findings, reasons, has_alternative=_has_alternative(document))
    if left:
        raise Stopped(left)
    with operation("document.ask", actor=actor_of(actor), subject=document.public_id):
        publication = Publication.objects.create(
            version=version, findings=[each.stored() for each in findings], asked_by=actor
        )
    _give_reasons(publication, findings, reasons, actor)
    return publication


@transaction.atomic
def approve(
    *, publication_id: int, reasons: Mapping[str, str], actor: User, note: str = ""
) -> Publication:
    """Let the version out; the gate looks once more, at the file and the document of this moment.

    :param reasons: the second person's own, where a finding takes two.
    :raises OwnRequest: when the actor has asked for it or put the file there.
    """
    _ensure_publishes(actor)
    publication = _waiting(publication_id)
    version = publication.version
    if actor.pk in (publication.asked_by_id, version.created_by_id):
        raise OwnRequest
    version.document = _locked(version.document_id)
    findings = findings_of(version)
    earlier = [Finding(row["code"]) for row in publication.findings]
    left = left_by_second(findings, reasons) + newly_found(earlier, findings)
    if left:
        raise Stopped(left)
    _give_reasons(publication, findings, reasons, actor)
    return _decide(publication, Publication.State.PUBLISHED, actor, note)


@transaction.atomic
def give_back(*, publication_id: int, note: str, actor: User) -> Publication:
    """Return the version to whoever asked, with words about what to change."""
    _ensure_publishes(actor)
    publication = _waiting(publication_id)
    if actor.pk == publication.asked_by_id:
        raise OwnRequest
    if not is_reason(note):
        raise Refused(_("Write what has to be changed before it can be published."))
    return _decide(publication, Publication.State.RETURNED, actor, note)


@transaction.atomic
def withdraw(*, publication_id: int, reason: str, actor: User) -> Publication:
    """Take a version back from the public; its address answers 404 from now on."""
    _ensure_publishes(actor)
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=publication_id)
    if publication.state not in OUT:
        raise Stale
    if not is_reason(reason):
        raise Refused(_("Write why it is withdrawn. The reason is kept."))
    publication.state = Publication.State.WITHDRAWN
    publication.withdrawn_by, publication.withdrawn_at = actor, timezone.now()
    publication.withdrawn_because = reason.strip()
    with operation(
        "document.withdraw",
        actor=actor_of(actor),
        reason=reason.strip(),
        subject=publication.version.document.public_id,
    ):
        publication.save()
    return publication


def _decide(publication: Publication, state: str, actor: User, note: str) -> Publication:
    publication.state = state
    publication.decided_by, publication.decided_at = actor, timezone.now()
    publication.note = note.strip()
    name = "document.publish" if state == Publication.State.PUBLISHED else "document.return"
    with operation(
        name,
        actor=actor_of(actor),
        reason=note.strip(),
        subject=publication.version.document.public_id,
    ):
        publication.save()
    return publication


def _give_reasons(
    publication: Publication,
    findings: list[Finding],
    reasons: Mapping[str, str],
    actor: User,
) -> None:
    """Each reason is an operation of its own, so that exceptions can be found and counted."""
    for finding in findings:
        reason = reasons.get(finding.code, "").strip()
        if not is_reason(reason):
            continue
        with operation(
            "document.override",
            actor=actor_of(actor),
            reason=reason,
            subject=publication.version.document.public_id,
        ):
            Override.objects.create(
                publication=publication, code=finding.code, reason=reason, given_by=actor
            )


def _has_alternative(document: RegisteredDocument) -> bool:
    """Whether a live, open web page says the same."""
    page = document.alternative
    return page is not None and page.live and not page.get_view_restrictions().exists()


def _waiting(publication_id: int) -> Publication:
    publication = (
        Publication.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=publication_id)
    )
    if publication.state != Publication.State.WAITING:
        raise Stale
    newest = DocumentVersion.objects.filter(document=publication.version.document_id).first()
    if newest is None or newest.pk != publication.version_id:
        raise Stale
    return publication


def _locked(document_id: int) -> RegisteredDocument:
    found: RegisteredDocument = (
        RegisteredDocument.objects.select_for_update(of=("self",), no_key=True)
        .select_related("procurement", "report", "alternative", "collection")
        .get(pk=document_id)
    )
    return found


def _ensure_publishes(actor: User) -> None:
    if not held_by(actor).can(Capability.MANAGE_CONTENT):
        raise NotAllowed
