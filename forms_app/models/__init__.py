"""Forms as data: definitions, frozen versions, drafts, submissions and their files."""

from forms_app.models.answer import Draft, StoredFile, Submission
from forms_app.models.definition import DraftLifetime, FormDefinition, FormOpening, FormVersion
from forms_app.models.sample import FormSample

__all__ = [
    "Draft",
    "DraftLifetime",
    "FormDefinition",
    "FormOpening",
    "FormSample",
    "FormVersion",
    "StoredFile",
    "Submission",
]
