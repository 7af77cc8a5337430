"""The gate: everything that is found about a version, in the file and about the document."""

from collections.abc import Collection, Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms.documents.gate import office, pdf
from cms.documents.gate.findings import Finding, gathered
from cms.documents.gate.personal import in_text
from cms.documents.words import PDF, TEXT, decoded
from cms.models.document import DocumentVersion, RegisteredDocument
from people.models import Organisation


def findings_of(version: DocumentVersion) -> list[Finding]:
    """What stands in the way of publishing the version, one finding a kind."""
    with version.file.storage.open(str(version.file.name), "rb") as stream:
        content = stream.read()
    return gathered([*_about(version.document), *in_file(content, version.mime, _known_authors())])


def in_file(
    content: bytes, mime: str, known_authors: Collection[str] = ()
) -> list[tuple[str, str]]:
    """What is found in the bytes; a file that breaks its reader is told as unreadable."""
    try:
        return list(_look(content, mime, known_authors))
    except pdf.TooMuch:
        return [("too_large", "")]
    except Exception:  # whatever a broken file does to its reader, it is not published
        return [("unreadable", "")]


def _look(content: bytes, mime: str, known_authors: Collection[str]) -> Iterator[tuple[str, str]]:
    if mime == PDF:
        yield from pdf.look(content, known_authors)
    elif mime in TEXT:
        for number, line in enumerate(decoded(content).splitlines(), start=1):
            yield from in_text(line, _("line %(number)s") % {"number": number})
    else:
        yield from office.look(content, known_authors)


def _about(document: RegisteredDocument) -> Iterator[tuple[str, str]]:
    """What the document's own fields say."""
    if not document.record_number:
        yield "record_number", ""
    if document.public_from and document.public_from > timezone.now():
        local = timezone.localtime(document.public_from)
        yield "embargo", f"{date_format(local, 'Y-m-d')} kl. {local.hour}.{local:%M}"
    procurement = document.procurement
    if procurement is None:
        return
    if document.is_secret:
        yield "secret", procurement.title
    if not procurement.is_public:
        yield "not_announced", procurement.title


def _known_authors() -> set[str]:
    """Authors that are no persons: the service and the organisations."""
    names = Organisation.objects.exclude(kind=Organisation.Kind.UNIT).values_list("name", flat=True)
    return {str(settings.WAGTAIL_SITE_NAME), *names}
