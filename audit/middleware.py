"""Every unsafe request runs in one transaction under an operation of its own."""

import uuid
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from audit import drift
from audit.operations import Actor, Caller, current_caller, operation

ANONYMOUS = Actor(id="anonymous", name="anonymous")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


class OperationMiddleware:
    """Names the caller, and opens a transaction with an operation for unsafe methods.

    It stands last: what the middleware before it writes, such as the session,
    is kept also when the view fails and everything the view wrote is undone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if not settings.TESTING:
            drift.ensure()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        actor = (
            Actor(id=f"user:{user.pk}", name=user.get_full_name())
            if user.is_authenticated
            else ANONYMOUS
        )
        token = current_caller.set(Caller(actor, "web", uuid.uuid4().hex))
        try:
            if request.method in SAFE:
                return self.get_response(request)
            return self._in_transaction(request)
        finally:
            current_caller.reset(token)

    def _in_transaction(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic(), ExitStack() as frame:
            state: Any = request
            state.audit_frame, state.audit_failed = frame, False
            response = self.get_response(request)
            # Django has made a response of whatever the view raised.
            if state.audit_failed or response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """Open the operation, now that the view has a name."""
        frame: ExitStack | None = getattr(request, "audit_frame", None)
        if frame is not None:
            match = request.resolver_match
            frame.enter_context(operation(f"request.{match.view_name if match else ''}"[:80]))

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember that the view failed, whatever response is made of it."""
        state: Any = request
        state.audit_failed = True
