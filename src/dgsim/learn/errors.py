"""What is wrong with a lesson, or with what a learner hands in, in sentences."""

from __future__ import annotations

from dgsim.study.errors import StudyError


class LessonError(StudyError):
    """A lesson that cannot be used, or an answer that cannot be read: one sentence a line."""
