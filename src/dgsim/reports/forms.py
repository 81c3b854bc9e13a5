"""The kinds of file that a report becomes, and what they need: the writers of Word and Excel are loaded when asked."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from dgsim.errors import StudyError


class Office(NamedTuple):
    """A kind of file of the extra `office`: its writer by module and name, what that imports, and of which package."""

    module: str
    function: str
    needs: str
    package: str


HTML = "html"
OFFICE = {
    "docx": Office("dgsim.reports.word", "word", "docx", "python-docx"),
    "xlsx": Office("dgsim.reports.sheets", "sheets", "openpyxl", "openpyxl"),
}
FORMS = (HTML, *OFFICE)


def form_of(path: Path, asked: str | None = None) -> str:
    """What is to be written at a path: what its name ends in, a page where that is none of `FORMS`.

    Raises StudyError where another form is asked for than the name of the file tells.

    >>> form_of(Path("report.docx")), form_of(Path("report.html")), form_of(Path("report.txt"), "html")
    ('docx', 'html', 'html')
    >>> form_of(Path("report.html"), "docx")
    Traceback (most recent call last):
    dgsim.errors.StudyError: report.html is to be written as docx: name a file that ends so, such as report.docx
    """
    ending = path.suffix.lower().removeprefix(".")
    told = ending if ending in OFFICE else HTML
    if asked not in (None, told):
        better = path.with_suffix(f".{asked}").name
        raise StudyError(f"{path.name} is to be written as {asked}: name a file that ends so, such as {better}")
    return told


def writer(form: str) -> Callable[[Any], Any]:
    """What writes a form of the extra `office`; raises StudyError where its package is not installed."""
    about = OFFICE[form]
    try:
        found: Callable[[Any], Any] = getattr(import_module(about.module), about.function)
    except ModuleNotFoundError as error:
        if error.name != about.needs:
            raise
        raise StudyError(f'{about.package} is not installed: pip install "dgsim[office]"') from None
    return found


def check_form(path: Path, asked: str | None = None) -> None:
    """Raise StudyError where a report cannot be written in the form that is asked for, before anything is run."""
    form = form_of(path, asked)
    if form in OFFICE:
        writer(form)
