"""The pages: choose a rule set, fill in its form, read the report, have it in other forms."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from resistab import __version__
from resistab.core.faults import Fault, InputError
from resistab.domains.pack import FILES, Pack
from resistab.report.page import page_environment
from resistab.rulesets.find import data_folder
from resistab.server import form as forms
from resistab.server.answers import NotDoneError, download, evaluated, status_of
from resistab.server.asked import GivenFile, Refused, fault
from resistab.server.evaluation import languages, made
from resistab.server.form import Filled
from resistab.server.guard import POLICY
from resistab.server.offered import Offered
from resistab.server.settings import ServerSettings
from resistab.server.workers import Runs

_MOST_FIELDS = 100
_MOST_FILES = 100
# A page lists no more of a file's samples to choose from, and no more faults.
_MOST_SAMPLES = 1000
_MOST_FAULTS = 200
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
# A report that is opened from a file forbids what a page of this server needs; the headers here are no weaker.
_OWN_POLICY = re.compile(r'<meta (?:http-equiv="Content-Security-Policy"|name="referrer")[^>]*>\n?')
_DOWNLOADS = {"json": "JSON", "pdf": "PDF", "fhir": "FHIR", "table": "Table (CSV)"}


class Pages:
    """What makes the pages; ``made_here`` are the forms of reports that can be had."""

    def __init__(
        self, offered: Mapping[str, Offered], settings: ServerSettings, workers: Runs, made_here: Sequence[str]
    ) -> None:
        self._offered, self._settings, self._workers = offered, settings, workers
        self._downloads = {form: label for form, label in _DOWNLOADS.items() if form in made_here}
        self._environment = page_environment()
        self._environment.globals["software"] = f"resistab {__version__}"
        # Whoever sends a form must have been given it by this server.
        self._token = secrets.token_urlsafe(32)

    def _page(self, template: str, status: int = 200, **said: Any) -> HTMLResponse:
        return HTMLResponse(self._environment.get_template(f"serve/{template}.html.j2").render(said), status)

    async def start(self, request: Request) -> Response:
        """The page on which a rule set is chosen."""
        return self._page("start", title="Interpret a genotype", offered=[one.facts for one in self._offered.values()])

    def api(self, operations: Sequence[Mapping[str, str]]) -> Response:
        """The page that lists what programs may ask."""
        return self._page("api", title="HTTP API", operations=operations)

    def refused(self, status: int, faults: Sequence[Mapping[str, Any]]) -> Response:
        """The page that says why there is no other."""
        texts = [str(Fault(**one)) for one in faults]
        return self._page("refused", status, title="That cannot be shown", faults=texts)

    async def patient(self, request: Request) -> Response:
        """The form of a rule set, and what it asks for where it was sent."""
        offered = self._offered.get(request.path_params["ruleset"])
        if offered is None:
            raise HTTPException(404, "there is no such rule set")
        if request.method != "POST":
            return self._form(offered, Filled())
        return await self._answer(offered, request)

    async def _answer(self, offered: Offered, request: Request) -> Response:
        try:
            data = await _form_data(request, self._settings)
            filled = await _filled(data, offered.pack, self._settings)
        except InputError as error:
            return self._form(offered, Filled(), error.as_data(), 400)
        if not secrets.compare_digest(str(data.get("token", "")).encode(), self._token.encode()):
            started = fault("the server was started anew since this page was opened", expected="that it is sent again")
            return self._form(offered, filled, [started], 403)
        form = str(data.get("format", "html"))
        if form == "form":
            return self._form(offered, filled)
        if sum(len(file.content) for file in filled.files) > self._settings.most_file_bytes:
            most = f"at most {self._settings.most_file_bytes / 1_000_000:g} MB in all"
            return self._form(offered, Filled(filled.texts), [fault("too much is given", FILES, most)], 413)
        try:
            answer = await evaluated(self._workers, made, *forms.asked_by(offered.pack, offered.id, filled, form))
        except NotDoneError as error:
            return self._form(offered, filled, [fault(error.message)], error.status)
        if isinstance(answer, Refused):
            return self._form(offered, filled, answer.faults, status_of(answer), answer.samples[:_MOST_SAMPLES])
        if form != "html":
            return download(answer, form)
        return self._report(offered, filled, answer.content.decode("utf-8"))

    def _form(
        self,
        offered: Offered,
        filled: Filled,
        faults: Sequence[Mapping[str, Any]] = (),
        status: int = 200,
        samples: Sequence[str] = (),
    ) -> Response:
        pack = offered.pack
        shown = forms.shown_faults(pack, filled, faults[:_MOST_FAULTS])
        kinds = forms.kinds_of(pack) | {forms.SAMPLE.option: "text", forms.DATE.option: "text"}
        asked = (*pack.form, forms.SAMPLE, forms.DATE)
        return self._page(
            "form",
            status,
            title=pack.sample[0].upper() + pack.sample[1:],
            ruleset=offered.facts,
            fields=[(one, kinds[one.option], filled.texts.get(one.option, "")) for one in asked],
            faults=shown,
            more=len(faults) - len(shown),
            samples=samples,
            kept=filled.kept(),
            on=filled.on,
            switches={
                name: label
                for name, label in forms.SWITCHES.items()
                if name != "no_options" or "regimens" not in pack.cannot
            },
            languages=languages(),
            language=filled.texts.get(forms.LANGUAGE, "").strip(),
            token=self._token,
            most_file_bytes=self._settings.most_file_bytes,
        )

    def _report(self, offered: Offered, filled: Filled, html: str) -> Response:
        bar = self._environment.get_template("serve/bar.html.j2").render(
            ruleset=offered.id,
            token=self._token,
            values={name: text for name, text in filled.texts.items() if text},
            kept=filled.kept(),
            on=sorted(filled.on),
            forms=self._downloads,
        )
        style = (data_folder("templates") / "serve" / "bar.css").read_text("utf-8")
        page = _OWN_POLICY.sub("", html).replace("</head>", f"<style>{style}</style>\n</head>", 1)
        page = page.replace("<body>", f"<body>\n{bar}", 1)
        hashes = " ".join(f"'sha256-{_sha256(style)}'" for style in _STYLE.findall(page))
        policy = POLICY.replace("script-src 'self'; style-src 'self'; connect-src 'self'", f"style-src {hashes}")
        return HTMLResponse(page, headers={"content-security-policy": policy})


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


async def _form_data(request: Request, settings: ServerSettings) -> FormData:
    """What was sent, in memory alone; raises ``InputError`` where it is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise HTTPException(415, "a form is sent as multipart/form-data")
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=_MOST_FILES,
        max_fields=_MOST_FIELDS,
        max_part_size=settings.most_bytes,
    )
    # What is larger would be written to a disk.
    parser.spool_max_size = settings.most_bytes + 1
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise InputError([Fault(where="", message=f"the form cannot be read: {error.message}")]) from error


async def _filled(data: FormData, pack: Pack, settings: ServerSettings) -> Filled:
    """The form as it was filled in; raises ``InputError`` for files that cannot be."""
    names = {one.option for one in (*pack.form, forms.SAMPLE, forms.DATE)} | {forms.LANGUAGE}
    given: dict[tuple[str, str], list[GivenFile]] = {}
    kept: list[GivenFile] = []
    texts: dict[str, str] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                file = GivenFile(forms.file_name(value.filename), await value.read(), _option_of(name))
                given.setdefault((file.option, file.name), []).append(file)
        elif name == forms.KEPT:
            kept.append(forms.unpacked_file(value, settings.most_file_bytes))
        elif name in names:
            texts[name] = value
    # A file that is given anew stands in place of what the page kept of it.
    files = [file for file in kept if (file.option, file.name) not in given]
    files += [file for same in given.values() for file in same]
    return Filled(texts, tuple(files), frozenset(name for name in forms.SWITCHES if data.get(name) == "on"))


def _option_of(field: str) -> str:
    """The option for which the files of a field are given."""
    return "" if field == FILES else field.removeprefix("file.")


def static_files() -> dict[str, tuple[str, str]]:
    """What the pages refer to, by name: type and text."""
    folder = Path(data_folder("templates"))
    styles = [folder / "report.css", folder / "dark.css", folder / "serve" / "serve.css"]
    return {
        "serve.css": ("text/css", "\n".join(path.read_text("utf-8") for path in styles)),
        "serve.js": ("text/javascript", (folder / "serve" / "serve.js").read_text("utf-8")),
    }
