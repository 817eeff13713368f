"""The `ledger` command: what operators do without HTTP (contract.md 2)."""

from __future__ import annotations

import sys

import click

from interface import VERSION
from interface.cli.commands.backup import backup
from interface.cli.commands.doctor import doctor
from interface.cli.commands.evidence import evidence
from interface.cli.commands.follow import follow
from interface.cli.commands.import_ import import_
from interface.cli.commands.keys import keys
from interface.cli.commands.measures import measures
from interface.cli.commands.migrate import migrate
from interface.cli.commands.obligations import obligations
from interface.cli.commands.quality import quality
from interface.cli.commands.rebuild import rebuild
from interface.cli.commands.recover import recover
from interface.cli.commands.replay import replay
from interface.cli.commands.restore import restore
from interface.cli.commands.rulebook import rulebook
from interface.cli.commands.run import run
from interface.cli.commands.serve import serve
from interface.cli.commands.simulate import simulate
from interface.cli.commands.tokens import tokens
from interface.cli.commands.verify import verify
from interface.cli.commands.what_if import what_if
from interface.cli.support.exit_status import run_command
from interface.cli.support.signals import interruptible

_COMMANDS = (
    run,
    replay,
    verify,
    evidence,
    obligations,
    measures,
    rulebook,
    what_if,
    quality,
    simulate,
    import_,
    tokens,
    keys,
    migrate,
    serve,
    follow,
    rebuild,
    backup,
    restore,
    recover,
    doctor,
)


class _InOrder(click.Group):
    """Commands in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, message="%(version)s")
def cli() -> None:
    """Record what organisations say about children's missing episodes, and show what follows.

    To look around: `ledger run --demo`. Every command answers in JSON with --json.

    Exit status 0 is good. 1: something disagrees, was not taken, or cannot be done. 2: wrong usage, or a
    setting is missing. 3: consistent, but the signer is unknown. 4: the database cannot be reached.
    """


for _command in _COMMANDS:
    cli.add_command(_command)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status. Whatever goes wrong is a sentence on standard error."""
    given = sys.argv[1:] if arguments is None else arguments
    with interruptible():
        return run_command(lambda: cli.main(given, "ledger", standalone_mode=False))
