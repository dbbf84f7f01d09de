"""What people with a browser read where a page is refused."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers
from starlette.types import Scope

from factorypos_tui.server import errors
from factorypos_tui.server.http.calls import cloud_of
from factorypos_tui.server.http.problems import Problem, problem_of
from factorypos_tui.server.web.rendering import render
from factorypos_tui.server.web.visits import (
    LogInFirst,
    ProveFirst,
    links_of,
    page_response,
    set_notice,
    status_of_page,
)
from factorypos_tui.server.words import marked, told

TITLES = {
    403: marked("This is not allowed"),
    404: marked("There is no such page"),
    405: marked("This page takes no such call"),
    410: marked("This is not here any more"),
    413: marked("That is too much at once"),
    429: marked("That was too often"),
    500: marked("The server made a mistake"),
    503: marked("The server cannot answer now"),
}
ANYTHING_ELSE = marked("This did not work")


def is_for_people(scope: Scope) -> bool:
    """Whether a browser asks for a page: it says that it takes HTML, and never calls the API."""
    is_api = scope["path"] == "/v1" or scope["path"].startswith("/v1/")
    return not is_api and "text/html" in Headers(scope=scope).get("accept", "")


def refusal_page(scope: Scope, problem: Problem) -> Response:
    """The problem in words, with a way back."""
    status = status_of_page(problem.document.status)
    words = {"title": told(TITLES.get(status, ANYTHING_ELSE)), "words": problem.document.detail}
    headers = {name: value for name, value in problem.headers.items() if name in ("Retry-After", "Allow")}
    page = render("refusal.html", links_of(Request(scope)), words)
    return page_response(page, status, headers)


def answer(scope: Scope, problem: Problem) -> Response:
    """A page for people, a problem document for programs."""
    return refusal_page(scope, problem) if is_for_people(scope) else problem.response()


def asked_for(request: Request) -> str:
    """The path and query of a call."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def install(app: FastAPI) -> None:
    """Lead whoever is not logged in to the log-in, whoever has to prove who it is there, and from there to
    the page that was asked for."""

    @app.exception_handler(ProveFirst)
    async def prove_first(request: Request, _: ProveFirst) -> Response:
        return RedirectResponse(links_of(request).to("/prove", next=asked_for(request)), 303)

    @app.exception_handler(errors.SecondFactorMissing)
    async def second_factor_first(request: Request, missing: errors.SecondFactorMissing) -> Response:
        if not is_for_people(request.scope):
            return problem_of(missing).response()
        response = RedirectResponse(links_of(request).to("/account/second-factor"), 303)
        set_notice(response, await cloud_of(request), str(missing))
        return response

    @app.exception_handler(LogInFirst)
    async def log_in_first(request: Request, _: LogInFirst) -> Response:
        if request.url.path.endswith((".csv", ".json")) and not is_for_people(request.scope):
            words = told(
                "Tables of pages are for browsers that are logged in. Programs log in by POST /v1/sessions, "
                "and ask for figures under /v1."
            )
            return problem_of(errors.NotKnown(words)).response()
        if request.method == "GET":
            asked = asked_for(request)
            wanted = {} if asked == "/" else {"next": asked}
            return RedirectResponse(links_of(request).to("/login", **wanted), 303)
        words = told(
            "Your session has ended. Nothing was changed. Log in again in another window, then open the page "
            "again."
        )
        return answer(request.scope, problem_of(errors.NotKnown(words)))
