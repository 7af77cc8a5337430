"""Where person, organisation and file questions take their alternatives and words from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from forms_app.fields import person_label
from forms_app.models import StoredFile
from people.models import Organisation, Person, User


@dataclass(frozen=True)
class Sources:
    """What one viewer may choose among in one form."""

    viewer: User
    persons: QuerySet[Person]
    organisations: QuerySet[Organisation]
    files: QuerySet[StoredFile]
    # Persons who stand in the list but cannot be chosen now, each with why.
    hindered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WordSources:
    """The names behind the public references of a page, fetched in three queries at most."""

    persons: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def person(self, public_id: str) -> str:
        """A person's name and unit, as the viewer may see them."""
        return self.persons.get(public_id, public_id)

    def organisation(self, public_id: str) -> str:
        """An organisation's name."""
        return self.organisations.get(public_id, public_id)

    def file(self, public_id: str) -> str:
        """A file's name."""
        return self.files.get(public_id, public_id)


def words_for(
    viewer: User | None,
    persons: Iterable[str] = (),
    organisations: Iterable[str] = (),
    files: Iterable[str] = (),
) -> WordSources:
    """Fetch the names behind public references; kinds that none mentions cost no query."""
    wanted_persons, wanted_organisations, wanted_files = (
        set(persons),
        set(organisations),
        set(files),
    )
    return WordSources(
        persons={
            person.public_id: person_label(person, viewer)
            for person in Person.objects.filter(public_id__in=wanted_persons).select_related("unit")
        }
        if wanted_persons
        else {},
        organisations=dict(
            Organisation.objects.filter(public_id__in=wanted_organisations).values_list(
                "public_id", "name"
            )
        )
        if wanted_organisations
        else {},
        files=dict(
            StoredFile.objects.filter(public_id__in=wanted_files).values_list("public_id", "name")
        )
        if wanted_files
        else {},
    )
