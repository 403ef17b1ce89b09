"""`impulse proposals`: what matching can say about a proposal to operators."""

import sys
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from impulse_chassis.operators import server_of
from impulse_chassis.words import Words, language_of

proposals = typer.Typer(no_args_is_help=True, help="Why pairs were proposed.")

OTHER, UNKNOWN = 1, 2
"""How the process ends: another score comes out, or it can't be made again."""


@proposals.callback()
def _group() -> None:
    """Why pairs were proposed."""


@proposals.command()
def explain(proposal_id: Annotated[UUID, typer.Argument(help="The id of the proposal.")]) -> None:
    """Score a pair once more from what is kept, and say whether the same comes out."""
    # Loaded by this command alone: people wait for it.
    from impulse_chassis import Unavailable, transact
    from impulse_chassis.database import connect, service_url
    from impulse_matching.domain import again
    from impulse_matching.store.explained import kept

    engine = connect(service_url(server_of("matching"), "matching"))
    try:
        found = transact(engine, "matching", lambda tx: kept(tx, proposal_id))
    except Unavailable:
        _end(Words("Die Datenbank ist nicht erreichbar.", "The database can't be reached."))
    finally:
        engine.dispose()
    if found is None:
        _end(Words(f"{proposal_id} ist nicht bekannt.", f"{proposal_id} is not known."))
    if not isinstance(found, again.Kept):
        _end(
            Words(
                f"Woraus {proposal_id} bewertet wurde, ist nicht mehr vorhanden.",
                f"What {proposal_id} was scored from is not there any more.",
            )
        )
    scored = again.score_again(found)
    table = Table("", Words("Rohwert", "raw")(language_of()), "x", "=", "")
    for each in scored.contributions:
        told = Words(each.de, each.en)(language_of())
        table.add_row(
            each.criterion, f"{each.raw:.6f}", f"{each.weight:.2f}", f"{each.points:.6f}", told
        )
    console = Console(soft_wrap=True, highlight=False)
    console.print(table)
    for blocker in scored.blockers:
        console.print(f"{blocker.criterion}: {Words(blocker.de, blocker.en)(language_of())}")
    proposal, inputs = found.proposal, found.inputs
    console.print(
        Words(
            f"{scored.score:.6f} nach {proposal.ruleset_version} am {proposal.scored_on}: "
            f"Bedarf {proposal.need_id} in Fassung {inputs.need_version}, "
            f"Angebot {proposal.offer_id} in Fassung {inputs.offer_version}",
            f"{scored.score:.6f} by {proposal.ruleset_version} on {proposal.scored_on}: "
            f"need {proposal.need_id} in version {inputs.need_version}, "
            f"offer {proposal.offer_id} in version {inputs.offer_version}",
        )(language_of())
    )
    differing = again.deviations(proposal, scored)
    if not differing:
        console.print(
            Words("Stimmt mit dem Vorschlag überein.", "Agrees with the proposal.")(language_of())
        )
        return
    named = ", ".join(differing)
    if scored.inputs.taxonomy != inputs.taxonomy:
        named += " (" + Words("andere Taxonomie", "another taxonomy")(language_of()) + ")"
    _end(Words(f"Weicht vom Vorschlag ab: {named}", f"Differs from the proposal: {named}"), OTHER)


def _end(words: Words, status: int = UNKNOWN) -> NoReturn:
    Console(stderr=True, soft_wrap=True, highlight=False).print(words(language_of()), markup=False)
    sys.exit(status)
