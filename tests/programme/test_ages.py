"""The ages of the nominated: counted from the vault, shown as shares, never against anyone."""

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme import queries
from tests.programme.builders import build_world, nominated, person_in

# Days after the first of January 1970: 29 years old in June 2026, and 56.
YOUNG, OLD = 9_900, 100


@time_machine.travel("2026-06-15 09:00", tick=False)
def test_the_nominating_page_shows_ages_as_shares(db: None) -> None:
    world = build_world(staff=0)
    chosen = [person_in(world.unit, first + n) for first in (YOUNG, OLD) for n in range(5)]
    for person in chosen[:9]:
        nominated(world, person)
    client = Client()
    client.force_login(world.chief, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/nominera/").content.decode()
    assert "Åldrar visas när tillräckligt många" in page
    nominated(world, chosen[9])
    page = client.get("/nominera/").content.decode()
    assert "Under 55 år: 50\xa0%" in page
    assert "55 år och äldre: 50\xa0%" in page
    assert "19700411" not in page
    day = timezone.localdate()
    # The other administration has nobody, and sees nothing of this one.
    elsewhere = queries.ages(programme=world.programme, day=day, districts=[world.skarholmen])
    assert elsewhere == ()
    with CaptureQueriesContext(connection) as asked:
        queries.ages(programme=world.programme, day=day)
    assert len(asked) == 3
