"""The application: pages, API and static files behind the guard, and how whatever is refused is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from resistab import __version__
from resistab.server.answers import NotDoneError, not_done
from resistab.server.api import api, faults_of_request, refusal, report_schemas
from resistab.server.asked import fault
from resistab.server.guard import FAILED, Guard, Scope
from resistab.server.offered import Offered
from resistab.server.pages import Pages, static_files
from resistab.server.settings import ServerSettings
from resistab.server.workers import Runs

_DESCRIPTION = """Explained and cited interpretation of genotypes for drug resistance: what the command line does for
one patient. Nothing that is sent is kept. Reports are decision support for clinicians, and no substitute for clinical
judgement."""

# What is said in place of the bare name of a status.
_SAID = {404: "there is nothing at this address", 405: "this address is not asked in this way"}
_PLAIN = ("Not Found", "Method Not Allowed")


def application(
    offered: Mapping[str, Offered], settings: ServerSettings, workers: Runs, made_here: Sequence[str]
) -> Guard:
    """What answers requests; ``made_here`` are the forms of reports that can be made."""
    app = FastAPI(title="resistab", version=__version__, openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    pages = Pages(offered, settings, workers, made_here)
    app.include_router(api(offered, settings, workers, made_here))
    described = _described(app, offered)

    async def openapi(request: Request) -> Response:
        from starlette.responses import JSONResponse

        return JSONResponse(described)

    async def of_api(request: Request) -> Response:
        return pages.api(_operations(described))

    async def static(request: Request) -> Response:
        kind, text = files[request.path_params["name"]]
        return Response(text, media_type=kind)

    async def icon(request: Request) -> Response:
        return Response(status_code=204)

    files = static_files()
    # Browsers ask for it unasked.
    app.add_route("/favicon.ico", icon, methods=["GET"])
    app.add_route("/", pages.start, methods=["GET"])
    app.add_route("/rulesets/{ruleset}", pages.patient, methods=["GET", "POST"])
    app.add_route("/api", of_api, methods=["GET"])
    app.add_route("/api/openapi.json", openapi, methods=["GET"])
    app.add_route("/static/{name}", static, methods=["GET"])

    def told(scope: Scope, status: int, faults: Sequence[Mapping[str, Any]]) -> Response:
        return refusal(status, faults) if scope["path"].startswith("/api/") else pages.refused(status, faults)

    async def of_status(request: Request, error: Any) -> Response:
        said = _SAID.get(error.status_code) if error.detail in _PLAIN else None
        answer = told(request.scope, error.status_code, [fault(said or str(error.detail))])
        answer.headers.update(error.headers or {})
        return answer

    async def of_values(request: Request, error: Any) -> Response:
        return refusal(422, faults_of_request(error.errors()))

    async def of_work(request: Request, error: Any) -> Response:
        answer = told(request.scope, error.status, not_done(error))
        if error.status == 503:
            answer.headers["retry-after"] = "5"
        return answer

    async def of_failure(request: Request, error: Exception) -> Response:
        # The guard, to which it comes too, logs it.
        return told(request.scope, 500, [fault(FAILED)])

    app.add_exception_handler(Exception, of_failure)
    app.add_exception_handler(HTTPException, of_status)
    app.add_exception_handler(RequestValidationError, of_values)
    app.add_exception_handler(NotDoneError, of_work)
    return Guard(app, settings, told)


def _described(app: FastAPI, offered: Mapping[str, Offered]) -> dict[str, Any]:
    """The description of the API by OpenAPI, with the schemas of reports as they are published."""
    described = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes)
    schemas = described["components"]["schemas"]
    for one in offered.values():
        schemas.update(report_schemas(one.pack))
    return described


def _operations(described: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"method": method.upper(), "path": path, "summary": operation["summary"]}
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
