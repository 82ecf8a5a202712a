"""Coming in: a pseudonym, a token where one is needed, a content note, perhaps a test."""

from typing import TYPE_CHECKING

from temper.label import gold, people
from temper.label.security import COOKIE
from temper.label.visits import Desk, Visit, route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

A_MONTH = 30 * 24 * 3600


def routes(desk: Desk) -> "list[Route]":
    return [
        route(desk, "/enter", ask, known=False),
        route(desk, "/enter", enter, "POST", known=False),
        route(desk, "/leave", leave, "POST"),
        route(desk, "/welcome", welcome),
        route(desk, "/welcome", begin, "POST"),
        route(desk, "/test", test_page),
        route(desk, "/test", test_go_on, "POST"),
    ]


async def ask(visit: Visit) -> "Response":
    token = visit.request.query_params.get("token", "")
    name = people.invited(visit.desk.store, token) if token else None
    return visit.page("enter.html", token=token, name=name, problem="")


async def enter(visit: Visit) -> "Response":
    store, access = visit.desk.store, visit.desk.access
    token = visit.field("token")
    own = people.invited(store, token) if token else None
    name = own or people.cleaned(visit.field("name"))
    problem = ""
    if not name:
        problem = "Choose a name: any word that the others know you by."
    elif own is None and not access.admits(token):
        problem = "The token is missing or wrong: use the link that you were given."
    elif own is None and people.needs_token(store, name):
        problem = f"{name} comes in by a link of their own: use it, or choose another name."
    if problem:
        return visit.page("enter.html", 403, token=token, name=name, problem=problem)
    secret = people.enter(store, name, lead=access.leads(token), now=visit.now)
    answer = visit.go("/")
    secure = visit.request.url.scheme == "https"
    answer.set_cookie(COOKIE, secret, max_age=A_MONTH, httponly=True, samesite="lax", secure=secure)
    return answer


async def leave(visit: Visit) -> "Response":
    people.leave(visit.desk.store, visit.request.cookies.get(COOKIE, ""))
    answer = visit.go("/enter")
    answer.delete_cookie(COOKIE)
    return answer


async def welcome(visit: Visit) -> "Response":
    return visit.page("welcome.html", guideline=visit.guideline)


async def begin(visit: Visit) -> "Response":
    people.note_read(visit.desk.store, visit.name, visit.now)
    return visit.go("/")


async def test_page(visit: Visit) -> "Response":
    store, settings = visit.desk.store, visit.desk.settings
    answered = gold.test_result(store, settings, visit.name)
    if answered is None:
        return visit.go("/")
    right = sum(one.given == one.expected for one in answered)
    passed = gold.is_pass(settings, answered)
    if passed:
        gold.mark_passed(store, visit.name, visit.now)
    return visit.page("test.html", answered=answered, right=right, passed=passed)


async def test_go_on(visit: Visit) -> "Response":
    if not gold.has_passed(visit.desk.store, visit.desk.settings, visit.name):
        gold.try_again(visit.desk.store, visit.name)
    return visit.go("/")
