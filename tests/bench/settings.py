"""The tests' settings and one app more: the plain model that cases are compared with."""

from tests.settings import *
from tests.settings import INSTALLED_APPS as WITHOUT_BENCH

INSTALLED_APPS = ["tests.bench", *WITHOUT_BENCH]
