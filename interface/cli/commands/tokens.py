"""`ledger tokens`: who may use the HTTP service, and for what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from application.access.credentials import ROLES, Credential, Credentials
from application.answers.as_json import known
from application.store import clock
from domain.facts.members import NAMESPACE_KIND
from domain.moment import Instant, from_datetime, rfc3339, to_datetime
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import Failed
from interface.cli.support.options import TIME, data_option, json_option
from interface.cli.support.target_ledger import owner, target_ledger, trial_folder
from interface.settings import from_environment


@click.group(short_help="Make, list and revoke credentials.")
def tokens() -> None:
    """Make, list and revoke credentials, whose token a client sends."""


def _namespace(_: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Check what is given; wrong usage when it is not a namespace."""
    for value in values:
        if not NAMESPACE_KIND.fits(value):
            raise click.BadParameter(f"{value} is not {NAMESPACE_KIND.noun}", param=option)
    return values


@tokens.command("new")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help="What it may do; repeat it for several.",
)
@click.option(
    "--namespace",
    "namespaces",
    multiple=True,
    callback=_namespace,
    metavar="CODE",
    help="The organisation that it acts for, such as E08000025. By default any: only for a trial.",
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="URI",
    help="A source that it may post for; repeat it for several. By default any.",
)
@click.option(
    "--authority",
    "authorities",
    multiple=True,
    callback=_namespace,
    metavar="CODE",
    help="An authority whose episodes it may read as well; repeat it for several.",
)
@click.option(
    "--purpose", metavar="CODE", help="The purpose when a request gives none: one of LEDGER_PURPOSES."
)
@click.option("--expires", type=TIME, metavar="TIME", help="When it ends, such as 2027-03-31T23:59:59Z.")
@click.option(
    "--days", type=click.IntRange(1, 3660), help="Instead of --expires: for how many days it is valid."
)
@click.option("--label", metavar="TEXT", help="What it is for, shown in `tokens list`. Nothing personal.")
@data_option
@json_option
def new(  # noqa: PLR0913  a command's arguments are its options
    *, roles: tuple[str, ...], namespaces: tuple[str, ...], sources: tuple[str, ...], authorities: tuple[str, ...],
    purpose: str | None, expires: Instant | None, days: int | None, label: str | None, data: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Make a credential and show its token, once."""
    if len(namespaces) > 1:
        raise click.UsageError(
            "A credential acts for one organisation and takes one --namespace."
            " Make one token for each, or let it read other authorities' episodes with --authority."
        )
    if expires is not None and days:
        raise click.UsageError("Give --expires or --days, not both.")
    if expires is not None and expires <= clock.now():
        raise click.UsageError(f"--expires {rfc3339(expires)} is in the past: the token could never be used.")
    if days:
        expires = from_datetime(to_datetime(clock.now()) + timedelta(days=days))
    codes = from_environment().access.purposes
    if purpose is not None and purpose not in codes:
        raise click.UsageError(
            f"--purpose is one of {', '.join(codes)}; LEDGER_PURPOSES says which there are."
        )
    if purpose is None and trial_folder(data) is not None:
        purpose = codes[0]  # as the trial's own tokens have it
    with target_ledger(data) as settings, owner(settings) as database:
        credential, token = Credentials(database).new(
            roles,
            namespace=namespaces[0] if namespaces else None,
            sources=sources or None,
            authorities=authorities or None,
            purpose=purpose,
            label=label,
            expires_at=expires,
        )
    words = f"{token}\n\nThis is shown once. {_line(credential)}"
    answer({**_credential(credential), "token": token}, words, as_json=as_json)


@tokens.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that were revoked or have expired.")
@data_option
@json_option
def list_(*, everything: bool, data: Path | None, as_json: bool) -> None:
    """Show the credentials; a token itself is stored nowhere."""
    with target_ledger(data) as settings, owner(settings) as database:
        found = Credentials(database).list()
    now = clock.now()
    shown = [credential for credential in found if everything or credential.valid_at(now)]
    words = "\n".join(map(_line, shown)) or "There are no credentials: `ledger tokens new` makes one."
    answer({"items": [_credential(credential) for credential in shown]}, words, as_json=as_json)


@tokens.command("revoke")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@data_option
@json_option
def revoke(*, ids: tuple[str, ...], data: Path | None, as_json: bool) -> None:
    """End credentials now. Servers notice within three seconds."""
    with target_ledger(data) as settings, owner(settings) as database:
        credentials = Credentials(database)
        unknown = set(ids) - {credential.id for credential in credentials.list()}
        if unknown:
            raise Failed(f"There is no credential {', '.join(sorted(unknown))}: nothing was revoked.")
        revoked = credentials.revoke(*ids)
    was = len(set(ids)) - revoked
    words = f"Revoked: {revoked}." + (f" Revoked before: {was}." if was else "")
    answer({"revoked": revoked, "revoked_before": was}, words, as_json=as_json)


def _credential(credential: Credential) -> dict[str, Any]:
    """One credential; what is absent does not narrow it."""
    return {
        "id": credential.id,
        "roles": sorted(credential.roles),
        **known(
            namespace=credential.namespace,
            sources=credential.sources,
            authorities=credential.authorities,
            purpose=credential.purpose,
            label=credential.label,
            created_at=rfc3339(credential.created_at),
            expires_at=None if credential.expires_at is None else rfc3339(credential.expires_at),
            revoked_at=None if credential.revoked_at is None else rfc3339(credential.revoked_at),
        ),
    }


def _line(credential: Credential) -> str:
    """One credential in words."""
    parts = [
        credential.id,
        ", ".join(sorted(credential.roles)),
        f"for {credential.namespace or 'any namespace'}",
        f"sources {', '.join(credential.sources)}" if credential.sources else "any source",
        f"authorities {', '.join(credential.authorities)}" if credential.authorities else "",
        f"purpose {credential.purpose}" if credential.purpose else "",
        f"({credential.label})" if credential.label else "",
        f"expires {rfc3339(credential.expires_at)}" if credential.expires_at else "",
        f"revoked {rfc3339(credential.revoked_at)}" if credential.revoked_at else "",
    ]
    return "; ".join(part for part in parts if part)
