"""The commands of people's acts, gathered for `duban`: each lives in a module of its own."""

from __future__ import annotations

import typer

from orchestration.commands.appeal import appeal
from orchestration.commands.approve import approve
from orchestration.commands.calendar import calendar
from orchestration.commands.log import note, show_log, undo
from orchestration.commands.matter import matter
from orchestration.commands.rectify import rectify
from orchestration.commands.review import review
from orchestration.commands.submission import finding, submission, unlock
from orchestration.commands.tasks import task
from orchestration.commands.year import backup, restore, year


def add_people_commands(app: typer.Typer) -> None:
    """Add them to the command."""
    groups = {
        "review": review, "matter": matter, "task": task, "calendar": calendar, "rectify": rectify, "approve": approve,
        "appeal": appeal, "submission": submission, "finding": finding, "year": year,
    }  # fmt: skip
    for name, group in groups.items():
        app.add_typer(group, name=name)
    commands = {"unlock": unlock, "note": note, "log": show_log, "undo": undo, "backup": backup, "restore": restore}
    for name, command in commands.items():
        app.command(name)(command)
