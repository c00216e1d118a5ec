"""The commands around what schools hand in, in one place: `cli.py` knows one line. No command is written here."""

from __future__ import annotations

import typer

from orchestration.commands.corrections import corrections_command
from orchestration.commands.forms import form, template
from orchestration.commands.purge import purge
from orchestration.commands.remind import remind
from orchestration.commands.rules import rules
from orchestration.commands.submit import submit


def add_intake_commands(app: typer.Typer) -> None:
    """Add every command of this kind to the command."""
    app.add_typer(form, name="form")
    app.command("template")(template)
    app.command("corrections")(corrections_command)
    app.command("remind")(remind)
    app.command("submit")(submit)
    app.command("purge")(purge)
    app.add_typer(rules, name="rules")
