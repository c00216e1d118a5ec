"""The commands of people's acts, gathered for `duban`: each lives in a module of its own."""

from __future__ import annotations

import typer

from orchestration.approve_cli import approve
from orchestration.calendar_cli import calendar
from orchestration.log_cli import note, show_log, undo
from orchestration.matter_cli import matter
from orchestration.rectify_cli import rectify
from orchestration.review_cli import review
from orchestration.submission_cli import finding, submission, unlock
from orchestration.tasks_cli import task
from orchestration.year_cli import backup, restore, year


def add_people_commands(app: typer.Typer) -> None:
    """Add them to the command."""
    groups = {
        "review": review, "matter": matter, "task": task, "calendar": calendar, "rectify": rectify, "approve": approve,
        "submission": submission, "finding": finding, "year": year,
    }  # fmt: skip
    for name, group in groups.items():
        app.add_typer(group, name=name)
    commands = {"unlock": unlock, "note": note, "log": show_log, "undo": undo, "backup": backup, "restore": restore}
    for name, command in commands.items():
        app.command(name)(command)
