"""Where the wizard keeps what is typed: in the draft's row, never in the session."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from formtools.wizard.storage.base import BaseStorage

from forms_app import actions
from forms_app.models import Draft
from people.models import User


class DraftStorage(BaseStorage):
    """formtools' storage over one draft.

    The row is found by the address, so two tabs with two drafts never mix and
    another device goes on where the first one stopped. Two tabs on the same
    draft share it: the last one to save a step wins that step, and only that.
    """

    def __init__(self, draft: Draft, actor: User) -> None:
        super().__init__(prefix=draft.public_id)
        self.draft = draft
        self.actor = actor
        self.step: str | None = None

    def init_data(self) -> None:
        """Nothing: a draft is started by an action, not by looking at a page."""

    def reset(self) -> None:
        """Nothing: a draft ends when it is handed in or thrown away."""

    def _get_current_step(self) -> str:
        return self.step or self.draft.current_step

    def _set_current_step(self, step: str) -> None:
        # Only remembered; looking at a page writes nothing.
        self.step = step

    def _get_extra_data(self) -> dict[str, Any]:
        return {}

    def get_step_data(self, step: str) -> dict[str, Any] | None:
        """What is typed in the step; nothing when nobody has been there."""
        typed = self.draft.data.get(step)
        return None if typed is None else dict(typed)

    def set_step_data(
        self, step: str, cleaned_data: Mapping[str, Any], next_step: str = ""
    ) -> None:
        """Keep what is typed, and where to go on."""
        self.draft = actions.save_step(
            draft_id=self.draft.pk,
            step_key=step,
            typed=cleaned_data,
            next_step=next_step or step,
            actor=self.actor,
        )

    def get_step_files(self, step: str) -> None:
        """Files are answers by reference; see forms_app.actions.store_file."""

    def set_step_files(self, step: str, files: object) -> None:
        """Files are stored before the step is; see forms_app.actions.store_file."""

    def update_response(self, response: HttpResponse) -> None:
        """Nothing to add: no cookie, no session."""
