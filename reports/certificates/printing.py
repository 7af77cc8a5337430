"""Certificates as PDF: from what was kept at issue, so the bytes are the same each time."""

import io
from collections.abc import Sequence
from typing import Any

import segno

from core import pdf
from reports.certificates.content import LANGUAGE
from reports.models import Certificate


def printed(certificates: Sequence[Certificate]) -> bytes:
    """One PDF with a certificate after another; of a single one it never changes.

    :raises ValueError: without any certificate there is nothing to print.
    """
    if not certificates:
        raise ValueError("nothing to print")
    parts = [certificate.content["print"] for certificate in certificates]
    first = parts[0]
    data: dict[str, Any] = {
        "language": LANGUAGE,
        "title": first["title"],
        "author": first["author"],
        "keywords": certificates[0].digest,
        "running": first["title"],
        "foot": [f"SHA-256 {certificates[0].digest}"] if len(parts) == 1 else [first["issued"]],
        "page-word": first["page-word"],
        "of-word": first["of-word"],
        "emblem-alt": first["emblem-alt"],
        "certificates": parts,
    }
    codes = {f"{part['code']}.svg": _code(part["check"]["address"]) for part in parts}
    # The newest of them: what was printed once and is printed again is the same moment.
    made_at = max(certificate.issued_at for certificate in certificates)
    return pdf.render("certificate", data, made_at=made_at, attached=codes)


def _code(address: str) -> bytes:
    """The address as a QR code."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, scale=4)
    return out.getvalue()
