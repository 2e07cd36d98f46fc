"""From what a worker made, or why it made nothing, to an answer for HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.responses import Response

from resistab.core.faults import Fault, InputError
from resistab.server.asked import FORMATS, PatientAsked, Refused, ReportMade, fault
from resistab.server.workers import BusyError, Runs, TooLongError, WorkerDiedError


class NotDoneError(Exception):
    """What was asked for was not done, through no fault of it; ``status`` is that for HTTP."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message


async def in_worker(workers: Runs, function: Callable[..., object], *given: object) -> object:
    """What a function gives in a worker; raises ``NotDoneError`` where it cannot be had now, or takes too long."""
    try:
        return await workers.run(function, *given)
    except BusyError:
        raise NotDoneError(503, "others are being answered; ask again in a moment") from None
    except TooLongError:
        raise NotDoneError(504, "it took too long and was given up; give less at once") from None
    except WorkerDiedError:
        raise NotDoneError(503, "the process that worked on it ended, for want of memory perhaps") from None


async def evaluated(
    workers: Runs, made: Callable[..., ReportMade | Refused], asked: PatientAsked, faults: Sequence[Fault]
) -> ReportMade | Refused:
    """The report that is asked for, or why there is none, the ``faults`` first; raises ``NotDoneError``."""
    answer = await in_worker(workers, made, asked, InputError(faults).as_data() if faults else ())
    assert isinstance(answer, ReportMade | Refused)
    return answer


def status_of(refused: Refused) -> int:
    """The status by which a refusal is told."""
    return 500 if refused.failed else 422


def report_answer(made: ReportMade, form: str) -> Response:
    """A report as it is read."""
    return Response(made.content, media_type=FORMATS[form][0])


def download(made: ReportMade, form: str) -> Response:
    """A report as a file, whose name says nothing of the patient."""
    answer = report_answer(made, form)
    answer.headers["content-disposition"] = f'attachment; filename="report-{made.id}.{FORMATS[form][1]}"'
    return answer


def not_done(error: NotDoneError) -> list[dict[str, object]]:
    """The faults of what was not done."""
    return [fault(error.message)]
