"""The pages before anybody has entered a project."""

import pytest
from django.core.cache import cache
from django.test import Client

from cms.setup import load_site

pytestmark = pytest.mark.django_db


def test_the_page_stands_without_a_programme(client: Client) -> None:
    cache.clear()
    load_site()
    assert client.get("/").status_code == 200
    assert client.get("/om-projektet/").status_code == 200
    assert client.get("/om-projektet/mal-och-indikatorer/").status_code == 200
    assert client.get("/affisch.pdf").status_code == 404
