"""One request from one person: what every page is given, and what none is served without."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from temper.errors import ConfigError
from temper.label import people
from temper.label.guidelines import current
from temper.label.render import render
from temper.label.security import (
    COOKIE,
    HEADERS,
    Access,
    Refused,
    check_host,
    check_origin,
    read_form,
)
from temper.label.settings import Settings
from temper.label.tables import LabelStore
from temper.records import Guideline

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What all pages share."""

    store: LabelStore
    settings: Settings
    access: Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request."""

    desk: Desk
    request: "Request"
    form: dict[str, list[str]]
    person: people.Person | None
    now: float

    @property
    def name(self) -> str:
        assert self.person is not None
        return self.person.name

    @property
    def may_lead(self) -> bool:
        """Whether this person may change the guideline and adjudicate."""
        if self.person is None:
            return False
        if self.person.lead:
            return True
        on_this_machine = self.desk.access.token is None
        leads = self.desk.settings.leads
        return self.person.name in leads or (on_this_machine and not leads)

    @property
    def guideline(self) -> Guideline:
        return current(self.desk.store, self.desk.settings)

    @property
    def in_place(self) -> bool:
        """Whether htmx asks, for the part of the page that changes."""
        return self.request.headers.get("hx-request") == "true"

    def field(self, name: str) -> str:
        return self.form.get(name, [""])[0]

    def page(self, template: str, status: int = 200, **values: Any) -> "Response":
        from starlette.responses import HTMLResponse

        shared = {
            "run": self.desk.settings.run,
            "person": self.person,
            "may_lead": self.may_lead,
            "settings": self.desk.settings,
            "blur": self.request.cookies.get("blur", "on" if self.desk.settings.blur else "off"),
        }
        return HTMLResponse(render(template, **shared, **values), status_code=status)

    def go(self, path: str) -> "Response":
        from starlette.responses import RedirectResponse, Response

        if self.in_place:
            return Response(headers={"HX-Redirect": path})
        return RedirectResponse(path, status_code=303)


Handler = Callable[[Visit], Awaitable["Response"]]


def route(
    desk: Desk,
    path: str,
    handler: Handler,
    method: str = "GET",
    *,
    known: bool = True,
    lead: bool = False,
) -> "Route":
    """A route whose handler is reached only by whoever may.

    Args:
        desk: what pages share.
        path: of the route.
        handler: answers.
        method: GET or POST.
        known: only people with a session come here; others are sent to the entrance.
        lead: only those who may change the guideline.
    """
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def endpoint(request: "Request") -> "Response":
        try:
            check_host(request.headers, desk.access)
            if method == "POST":
                check_origin(request.headers)
            visit = Visit(
                desk=desk,
                request=request,
                form=await read_form(request) if method == "POST" else {},
                person=people.person_of(desk.store, request.cookies.get(COOKIE)),
                now=time.time(),
            )
            if known and visit.person is None:
                answer = visit.go("/enter")
            elif lead and not visit.may_lead:
                raise Refused(403, "only a lead may do this: propose it on the guideline's page")
            else:
                answer = await handler(visit)
        except Refused as error:
            answer = PlainTextResponse(f"{error}\n", status_code=error.status)
        except ConfigError as error:
            answer = PlainTextResponse(f"{error}\n", status_code=400)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        return answer

    return Route(path, endpoint, methods=[method])
