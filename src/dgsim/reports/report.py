"""One file to hand over: a comparison, why it comes out so, and how far to trust it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dgsim.appraisals.appraisal import appraise
from dgsim.appraisals.targets.chances import find_chances
from dgsim.country import Country, load_country
from dgsim.engine.run import Progress
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike, load_parameters
from dgsim.evidence.validate import kept_validation
from dgsim.reports.blocks import Document
from dgsim.reports.content import EXPLAINED, Content, asked_of, parts_of, question_of, title_of, told_of
from dgsim.reports.forms import OFFICE, form_of, writer
from dgsim.reports.page import page
from dgsim.reports.sections import document, renamed
from dgsim.show.files.folder import write_page
from dgsim.study.catalogue import outcome_named
from dgsim.study.compare import chosen, compare
from dgsim.study.materiality import Given
from dgsim.study.simulate import shortened
from dgsim.study.together import ScenarioLike
from dgsim.texts import ENGLISH, known_language


class Report(Content):
    """What a report tells, and the files it becomes.

    Attributes
    ----------
    title, question : str
        At its head.
    comparison : Comparison
        The runs, the baseline first.
    outcome : str
        What it is about.
    told : tuple of Told
        One a scenario besides the baseline: its differences, its answer and what stands beside it, and why.
    appraisal : Appraisal
        What the scenarios are worth against nothing built (`base`), to 2040Q4.
    chances : Chances or None
        Whether they meet the shipped targets; None in another country.
    validation : DataFrame or None
        `group, claim, who, unit, observed, model, low, high, share, holds, note`; None in another country.
    asked : tuple of tuple of str
        The words of the commands that make the same numbers, the report's own first; `commands` has them as lines.
    file : str
        Where the report's own command writes it; `write` puts its file there.
    language : str
        In which it is told.
    """

    def to_html(self) -> str:
        """The page: one file, no network, the same bytes for the same runs.

        Returns
        -------
        str
            A whole HTML page, pictures included.
        """
        return page(self._for(self.file))

    def to_docx(self) -> bytes:
        """The report as a document of Word, with the numbers of the page; needs the extra `office`.

        Returns
        -------
        bytes
            A whole file, the same for the same runs.

        Raises
        ------
        StudyError
            If python-docx is not installed: one sentence.
        """
        content: bytes = writer("docx")(self._for(Path(self.file).with_suffix(".docx")))
        return content

    def to_xlsx(self) -> bytes:
        """The report as a workbook of Excel, with the numbers of the page; needs the extra `office`.

        Returns
        -------
        bytes
            A whole file, the same for the same runs.

        Raises
        ------
        StudyError
            If openpyxl is not installed: one sentence.
        """
        content: bytes = writer("xlsx")(self._for(Path(self.file).with_suffix(".xlsx")))
        return content

    @cached_property
    def _document(self) -> Document:
        """Its sections with their figures, made once for all files it becomes."""
        return document(self)

    def _for(self, path: str | Path) -> Document:
        """The report whose own command writes this file."""
        return renamed(self._document, replace(self, file=str(path)))

    def write(self, path: str | Path) -> Path:
        """Write the report, as a whole or not at all; its own command then names this file.

        Parameters
        ----------
        path : str or Path
            The file: a document where it ends in .docx, a workbook where it ends in .xlsx, else a page.

        Returns
        -------
        Path
            The same.

        Raises
        ------
        FolderError
            If it cannot be written: one sentence.
        StudyError
            If the package that writes such files is not installed.
        """
        form = form_of(Path(path))
        made: Callable[[Document], str | bytes] = writer(form) if form in OFFICE else page
        return write_page(Path(path), made(self._for(path)))


def report(
    scenarios: ScenarioLike | Iterable[ScenarioLike],
    *,
    baseline: ScenarioLike | None = None,
    outcome: str = "use",
    title: str | None = None,
    question: str | None = None,
    language: str = ENGLISH,
    replications: int = 200,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    materiality: Given | None = None,
    progress: Progress | None = None,
) -> Report:
    """Compare scenarios with a baseline and tell it all on one page.

    The comparison is that of `compare`, the attribution that of `explain` (over at most 100 of the replications), on
    the same luck and the same sets of parameters. The validation is the packaged one.

    Parameters
    ----------
    scenarios : str, Path, Mapping, Scenario or iterable of them
        What to compare.
    baseline : str, Path, Mapping or Scenario, optional
        What to compare with; by default the first of them.
    outcome : str, default "use"
        What the page is about, a name of the table of outcomes.
    title : str, optional
        By default the scenarios' names.
    question : str, optional
        By default the scenarios' own, or one made from the outcome.
    language : str, default "en"
        In which it is told, one of `dgsim.texts.LANGUAGES`.
    replications : int, default 200
        Runs of each scenario.
    seed, quarters, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.
    materiality : Mapping, optional
        As in `compare`.

    Returns
    -------
    Report
        To be written, or asked for its parts.

    Raises
    ------
    ScenarioError, CountryError
        If a scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot.

    Examples
    --------
    >>> from dgsim import report
    >>> page = report(["staged", "reward-use"], replications=2, quarters=8).to_html()
    >>> page.startswith("<!doctype html>"), "http://" in page
    (True, False)
    """
    outcome_named(outcome)
    known_language(language)
    plans = chosen(scenarios, baseline)
    policies = [shortened(policy, quarters) for policy in plans]
    land, sets = load_country(country), load_parameters(parameters)
    luck: dict[str, Any] = {"seed": seed, "country": land, "parameters": sets}
    parts = parts_of(progress, 3 + len(policies[1:]))
    runs: dict[str, Any] = {"replications": replications, "materiality": materiality, **luck}
    comparison = compare(policies, aggregates=True, progress=parts[0], **runs)
    validation = kept_validation(land)
    decided = validation is not None  # targets are those of the country that was observed
    base, fewer = policies[0], {"replications": max(2, min(replications, EXPLAINED)), **luck}
    told = tuple(
        told_of(comparison, base, policy, outcome, language, fewer, validation, part)
        for policy, part in zip(policies[1:], parts[1:-2], strict=True)
    )
    return Report(
        title=title or title_of(policies, language),
        question=question or question_of(policies, outcome, language),
        language=language,
        comparison=comparison,
        outcome=outcome,
        told=told,
        validation=validation,
        appraisal=appraise(plans, replications=replications, progress=parts[-2], **luck),
        chances=find_chances(plans, replications=replications, progress=parts[-1], **luck) if decided else None,
        asked=tuple(asked_of(comparison, outcome, quarters, country, parameters, language, decided)),
    )
