"""What reports leave behind: files to Statistics Sweden and certificates."""

from reports.models.certificate import Certificate
from reports.models.scb import ScbFile, ScbMapping

__all__ = ["Certificate", "ScbFile", "ScbMapping"]
