"""A wizard and its receipt, only for these tests."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as portal
from forms_app.models import Submission
from forms_app.wizard import DraftWizardView


class Refused(Exception):
    """What a room's own ending may raise."""

    message = "Omgången är full."


class TestWizard(DraftWizardView):
    """The least that a room has to say."""

    __test__ = False
    finished: list[str] = []
    refuse = False
    opened: frozenset[str] | None = None
    finish_errors = (Refused,)

    def get_step_url(self, step: str) -> str:
        return f"/prov/{self.draft.public_id}/{step}/"

    def receipt_url(self, submission: Submission) -> str:
        return f"/kvitto/{submission.public_id}/"

    def open_fields(self) -> frozenset[str] | None:
        return self.opened

    def check_step(self, step_key: str, values: dict[str, Any]) -> dict[str, list[str]]:
        return {"staff": ["För många."]} if values.get("staff") == 999 else {}

    def finish(self, submission: Submission) -> None:
        if self.refuse:
            raise Refused
        self.finished.append(submission.public_id)


def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    return HttpResponse(f"kvitto {public_id}")


urlpatterns = [
    path("prov/<str:draft>/<str:step>/", TestWizard.as_view(), name="wizard"),
    path("kvitto/<str:public_id>/", receipt),
    *portal,
]
