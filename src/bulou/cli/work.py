"""`bulou work`: the worker, which does jobs in the background."""

import asyncio

import click

from bulou.cli.database import start_django


@click.command()
@click.option("--until-done", is_flag=True, help="做完就退出 · end when no job is left")
@click.option(
    "--dead-after",
    type=click.FloatRange(min=1),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="别的后台多久没动静算已停 · silence after which another worker's jobs are taken up",
)
def work(until_done: bool, dead_after: float) -> None:
    """后台 · Do imports, exports and other jobs as they come. Any number of workers may run."""
    start_django("app")
    from bulou.exchange.jobs import working

    asyncio.run(working.work(dead_after=dead_after, wait=not until_done))
