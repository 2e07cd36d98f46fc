"""The HTTP API: what programs may ask, described by OpenAPI, on the functions that the pages call."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from resistab.core.faults import Fault
from resistab.domains.pack import FILES, Option, Pack
from resistab.report.language import ENGLISH
from resistab.server.answers import evaluated, in_worker, report_answer, status_of
from resistab.server.asked import FORMATS, GivenFile, PatientAsked, Refused, fault
from resistab.server.evaluation import languages, looked_up, made
from resistab.server.form import SWITCHES, examples, file_faults, file_name, kinds_of
from resistab.server.offered import Offered
from resistab.server.settings import ServerSettings
from resistab.server.workers import Runs

_STRICT = ConfigDict(extra="forbid", strict=True)
_LONGEST_TEXT = 120


class FaultTold(BaseModel):
    """What is wrong with what was asked: where, what was found, what was expected, and what may be meant."""

    where: str
    message: str
    line: int | None = None
    column: int | None = None
    expected: str | None = None
    suggestion: str | None = None
    code: str = ""


class FaultsTold(BaseModel):
    """Why nothing is given; ``samples`` are those of a file of which one must be named."""

    faults: list[FaultTold]
    samples: list[str] = []


class FieldTold(BaseModel):
    """What may be said of a patient."""

    name: str
    label: str
    hint: str
    example: str
    kind: Literal["text", "list", "number", "file"]
    choices: list[str]
    names: str
    file: bool


class RulesetTold(BaseModel):
    """A rule set that is offered."""

    id: str
    name: str
    kind: str
    many: str
    version: str
    date: str
    status: str
    digest: str
    fields: list[FieldTold]
    formats: list[str]


class RulesetsTold(BaseModel):
    """The rule sets that are offered."""

    rulesets: list[RulesetTold]


class NameTold(BaseModel):
    """A name that may be given, and what it is called beside."""

    name: str
    label: str


class NamesTold(BaseModel):
    """Names that a text may become, the likeliest first."""

    names: list[NameTold]


class FileSent(BaseModel):
    """A file: its name, and either its ``text`` or its bytes in ``base64``; ``option`` says what it is given for."""

    model_config = _STRICT

    name: str = Field(min_length=1, max_length=200)
    text: str | None = None
    base64: str | None = None
    option: str = ""


class LookedUpTold(BaseModel):
    """What the rules say of a text."""

    model_config = ConfigDict(extra="allow")

    text: str
    suggestions: list[str]


_SAID = {
    400: "The request cannot be read.",
    403: "The request comes from a page of another server.",
    408: "The request took too long to arrive.",
    413: "More is given than is taken.",
    415: "What is given is no JSON.",
    421: "The server is asked by a name that is not its own.",
    422: "What is given is faulty; every fault is told.",
    500: "No report was made: evaluators disagree, or resistab failed.",
    503: "Others are being answered.",
    504: "It took too long and was given up.",
}
_OF_ALL = (400, 408, 413, 421, 422, 500)
_OF_WORK = (503, 504)
_OF_POST = (403, 415)


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": FaultsTold, "description": _SAID[status]} for status in sorted((*_OF_ALL, *statuses))}


class JsonRoute(APIRoute):
    """A route that takes nothing but JSON, which a page of another server cannot send unasked."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request, after its type was looked at."""
        answer = super().get_route_handler()
        takes_body = self.body_field is not None

        async def handler(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if takes_body and kind != "application/json":
                raise HTTPException(415, "the body is given as application/json")
            return await answer(request)

        return handler


def refusal(status: int, faults: Sequence[Mapping[str, Any]], samples: Sequence[str] = ()) -> JSONResponse:
    """Faults as an answer."""
    return JSONResponse({"faults": list(faults), "samples": list(samples)}, status)


def api(offered: Mapping[str, Offered], settings: ServerSettings, workers: Runs, made_here: Sequence[str]) -> APIRouter:
    """The routes of the API, each rule set with its own."""
    router = APIRouter(prefix="/api/rulesets", route_class=JsonRoute)
    told = RulesetsTold(rulesets=[_told(one, made_here) for one in offered.values()])

    @router.get("", summary="The rule sets that are offered", operation_id="rulesets", responses=_refusals())
    async def rulesets() -> RulesetsTold:
        return told

    for one in offered.values():
        _add_ruleset(router, one, settings, workers, made_here)
    return router


def _told(one: Offered, made_here: Sequence[str]) -> RulesetTold:
    kinds = kinds_of(one.pack)
    fields = [
        FieldTold(
            name=field.option,
            label=field.label,
            hint=field.hint,
            example=field.example,
            kind=kinds[field.option],
            choices=list(field.choices),
            names=field.names,
            file=field.file,
        )
        for field in one.pack.form
    ]
    return RulesetTold(**one.facts, fields=fields, formats=list(made_here))


def _add_ruleset(
    router: APIRouter, offered: Offered, settings: ServerSettings, workers: Runs, made_here: Sequence[str]
) -> None:
    of = offered.id

    def names_of(kind: str) -> Callable[..., Coroutine[Any, Any, NamesTold]]:
        async def names(q: Annotated[str, Query(max_length=_LONGEST_TEXT)] = "") -> NamesTold:
            return NamesTold(names=[NameTold(name=one.name, label=one.label) for one in offered.names(kind, q)])

        return names

    for kind in offered.kinds_of_names:
        router.add_api_route(
            f"/{of}/{kind}",
            names_of(kind),
            methods=["GET"],
            response_model=NamesTold,
            summary=f"Names of {kind} by what was typed of one",
            operation_id=f"{of}-{kind}",
            responses=_refusals(),
        )

    @router.get(
        f"/{of}/lookup",
        summary="What the rules say of a change, gene, drug, class, reference or row",
        operation_id=f"{of}-lookup",
        response_model=LookedUpTold,
        responses=_refusals(*_OF_WORK),
    )
    async def lookup(q: Annotated[str, Query(min_length=1, max_length=_LONGEST_TEXT)]) -> Response:
        found = await in_worker(workers, looked_up, of, q)
        if isinstance(found, Refused):
            return refusal(status_of(found), found.faults)
        return JSONResponse(found)

    body: Any = _body(offered, made_here)

    async def evaluate(asked: Any) -> Response:
        patient, faults = _asked(offered, settings, asked)
        answer = await evaluated(workers, made, patient, faults)
        if isinstance(answer, Refused):
            return refusal(status_of(answer), answer.faults, answer.samples)
        return report_answer(answer, patient.form)

    evaluate.__annotations__["asked"] = body
    router.add_api_route(
        f"/{of}/evaluate",
        evaluate,
        methods=["POST"],
        response_model=None,
        response_class=Response,
        summary="The report on one patient",
        operation_id=f"{of}-evaluate",
        responses={
            200: {
                "description": "The report, in the form that was asked for.",
                "content": {
                    FORMATS[form][0].partition(";")[0]: {"schema": _schema_of(form, offered.pack)} for form in made_here
                },
            },
            **_refusals(*_OF_POST, *_OF_WORK),
        },
    )


def _schema_of(form: str, pack: Pack) -> dict[str, Any]:
    if form == "json":
        return {"$ref": f"#/components/schemas/{report_schema_name(pack)}"}
    return {"type": "object"} if form == "fhir" else {"type": "string"}


def report_schema_name(pack: Pack) -> str:
    """By what the schema of a report is called in the description of the API."""
    return f"{pack.name}-report"


def report_schemas(pack: Pack) -> dict[str, Any]:
    """The schema of the pack's reports, as it is published, and those of its parts, by name."""
    published = json.dumps(pack.report.report_model().model_json_schema(mode="serialization"))
    whole = json.loads(published.replace('"#/$defs/', f'"#/components/schemas/{pack.name}-'))
    parts = {f"{pack.name}-{name}": part for name, part in whole.pop("$defs", {}).items()}
    return {report_schema_name(pack): whole, **parts}


def _body(offered: Offered, made_here: Sequence[str]) -> type[BaseModel]:
    """What may be said of a patient of this rule set, by the options of its pack."""
    types: dict[str, Any] = {"text": str, "list": list[str], "number": float}
    kinds = kinds_of(offered.pack)
    options = {option.name: option for option in offered.pack.options}
    fields: dict[str, Any] = {}
    for one in offered.pack.form:
        kind = kinds[one.option]
        if kind != "file":
            fields[one.option] = (types[kind] | None, Field(None, description=_description(options[one.option])))
    fields["sample"] = (str | None, Field(None, description="A name; of a file with several samples, the one to take."))
    fields["date"] = (
        str | None,
        Field(None, description="The date of the report; today if not given.", json_schema_extra={"format": "date"}),
    )
    for name, label in SWITCHES.items():
        fields[name] = (bool, Field(False, description=f"{label}."))
    fields[FILES] = (list[FileSent], Field([], description=f"Files of patients: {offered.pack.files}.", max_length=100))
    form: Any = Literal[tuple(made_here)]
    fields["format"] = (form, Field("json", description="The form of the report."))
    spoken: Any = Literal[languages()]
    fields["language"] = (spoken, Field(ENGLISH, description="The language of a page or PDF; all else is English."))
    config = ConfigDict(**_STRICT, json_schema_extra={"examples": [examples(offered.pack)]})
    return create_model(f"Patient-{offered.id}", __config__=config, **fields)


def _description(option: Option) -> str:
    return option.help[:1].upper() + option.help[1:]


def _asked(offered: Offered, settings: ServerSettings, body: Any) -> tuple[PatientAsked, list[Fault]]:
    """What a body asks for, but for what of it cannot be read, and the faults of that."""
    faults: list[Fault] = []
    files = [file for number, sent in enumerate(body.files) if (file := _file(number, sent, faults))]
    faults += file_faults(offered.pack, files)
    if sum(len(file.content) for file in files) > settings.most_file_bytes:
        expected = f"at most {settings.most_file_bytes / 1_000_000:g} MB in all"
        faults.append(Fault(where=FILES, message="too much is given", expected=expected))
        files = []
    on = datetime.date.today()
    if body.date is not None:
        try:
            on = datetime.date.fromisoformat(body.date)
        except ValueError:
            faults.append(Fault(where="date", message=f"'{body.date}' is no date", expected="YYYY-MM-DD"))
    kinds = kinds_of(offered.pack)
    names = [one.option for one in offered.pack.form if kinds[one.option] != "file"]
    said = {name: value for name in names if (value := getattr(body, name)) not in (None, [])}
    patient = PatientAsked(
        offered.id,
        on,
        said,
        tuple(files),
        body.sample,
        body.keep_going,
        body.all_drugs,
        not body.no_options,
        body.format,
        body.language,
    )
    return patient, faults


def _file(number: int, sent: FileSent, faults: list[Fault]) -> GivenFile | None:
    where = f"{FILES}.{number}"
    if (sent.text is None) == (sent.base64 is None):
        faults.append(Fault(where=where, message="has neither or both of text and base64", expected="one of them"))
        return None
    try:
        content = (
            sent.text.encode("utf-8") if sent.text is not None else base64.b64decode(sent.base64 or "", validate=True)
        )
    except (UnicodeError, binascii.Error, ValueError):
        faults.append(Fault(where=where, message="is no base64", expected="the bytes of the file in base64"))
        return None
    return GivenFile(file_name(sent.name), content, sent.option)


def faults_of_request(errors: Sequence[Any]) -> list[dict[str, Any]]:
    """The faults of a request that is not as the description of the API says; nothing that was given is quoted."""
    found = []
    for error in errors:
        steps = [] if error["type"] == "json_invalid" else error["loc"]
        where = ".".join(str(step) for step in steps if step not in ("body", "query"))
        found.append(fault(str(error["msg"]), where))
    return found
