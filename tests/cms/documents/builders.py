"""Files and documents for the tests: PDF with and without tags, Office files with leftovers."""

import io
import zipfile
from functools import lru_cache
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)
from wagtail.models import Collection

from audit.operations import operation
from cms.documents import actions
from cms.documents.demo import paper
from cms.models import RegisteredDocument
from forms_app.files import TYPES
from people import groups
from people.models import Capability, Organisation, User
from people.setup import load_editors
from tests.people import builders

PDF = "application/pdf"
NUMBER = "SOF 2026/77"
TEXT = "Beslutet gäller från första mars."


@lru_cache(maxsize=8)
def tagged(text: str = TEXT) -> bytes:
    """A PDF as the portal makes them: tags, title, language, text."""
    return paper("Beslut om kurser", "Kort om beslutet.", [{"title": "Beslut", "texts": [text]}])


def untagged(text: str = TEXT, **metadata: str) -> bytes:
    """A PDF as a careless program makes it: only the words on the page."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 60 700 Td (" + text.encode("cp1252") + b") Tj ET")
    page[NameObject("/Contents")] = writer._add_object(stream)
    if metadata:
        writer.add_metadata({f"/{key}": value for key, value in metadata.items()})
    return _bytes(writer)


def scanned() -> bytes:
    """A PDF whose only page is a picture."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    picture = DecodedStreamObject()
    picture.set_data(b"\x00")
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): FloatObject(1),
            NameObject("/Height"): FloatObject(1),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/BitsPerComponent"): FloatObject(8),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/XObject"): DictionaryObject(
                {NameObject("/Im1"): writer._add_object(picture)}
            )
        }
    )
    return _bytes(writer)


def with_note(text: str) -> bytes:
    """A PDF with a comment on its page."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(untagged())))
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Text"),
            NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (10, 10, 30, 30)]),
            NameObject("/Contents"): TextStringObject(text),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
    return _bytes(writer)


def locked() -> bytes:
    """A PDF with a password."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("hemligt", algorithm="RC4-128")
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
    "<cp:lastModifiedBy>{saver}</cp:lastModifiedBy></cp:coreProperties>"
)


def office(
    parts: dict[str, str], *, title: str = "Titel", author: str = "", saver: str = ""
) -> bytes:
    """An Office file of the given parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("docProps/core.xml", CORE.format(title=title, author=author, saver=saver))
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def word(*paragraphs: str, extra: dict[str, str] | None = None, **core: str) -> bytes:
    """A Word file; a paragraph is text or XML that begins with <w:."""
    body = "".join(
        f"<w:p>{text if text.startswith('<w:') else f'<w:r><w:t>{text}</w:t></w:r>'}</w:p>"
        for text in paragraphs
    )
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return office({"word/document.xml": document, **(extra or {})}, **core)


def publisher(name: str) -> User:
    """Somebody who publishes."""
    load_editors()
    city = Organisation.objects.filter(code="city").first() or builders.organisation("city")
    user = builders.account(name)
    builders.holds(user, "editor", city, Capability.MANAGE_CONTENT)
    groups.sync(user)
    return user


def document(
    content: bytes | None = None,
    *,
    by: User,
    name: str = "beslut.pdf",
    title: str = "Beslut om kurser",
    **fields: Any,
) -> RegisteredDocument:
    """A document with one version, put up but not public."""
    made = RegisteredDocument(
        title=title,
        record_number=fields.pop("record_number", NUMBER),
        collection=fields.pop("collection", None) or Collection.get_first_root_node(),
        uploaded_by_user=by,
        file_name=name,
        mime=TYPES[name.rsplit(".", 1)[1]].content_type,
        **fields,
    )
    made.file = ContentFile(tagged() if content is None else content, name="x")
    made._set_document_file_metadata()
    with transaction.atomic(), operation("test.document"):
        made.save()
    return made


def replace(made: RegisteredDocument, content: bytes, *, by: User, change: str) -> None:
    """Another file for the document."""
    made.replaced_because, made.public_change, made.replaced_by = "Fel datum", change, by
    made.file = ContentFile(content, name="x")
    made._set_document_file_metadata()
    with transaction.atomic(), operation("test.replace"):
        made.save()


def let_out(made: RegisteredDocument, *, by: User, second: User) -> None:
    """Ask and approve."""
    newest = made.versions.first()
    assert newest is not None
    publication = actions.ask(version=newest, reasons={}, actor=by)
    actions.approve(publication_id=publication.pk, reasons={}, actor=second)
