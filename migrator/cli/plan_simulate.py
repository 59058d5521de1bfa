"""migrator plan --simulate"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from migrator.cli.console import Console
from migrator.errors import ExitCode
from migrator.i18n import number, term, text
from migrator.project.platform import platform_of
from migrator.run.simulation import Platform, Stage, simulate, slowest

_HOUR_S = 3600


def show_simulation(
    folder: Path, articles: int, platform_file: Path | None, assumed: Sequence[str], console: Console
) -> ExitCode:
    """Hours a stage, retries and the bottleneck, with the figures they were made from."""
    platform, origins = platform_of(folder, platform_file, assumed)
    stages = simulate(articles, platform)
    lang = console.language
    console.say("simulate_title", articles=articles)
    console.lines(_figures(platform, origins, lang))
    head = ("stage", "hours", "requests", "retries", "given_up", "bottleneck")
    console.table([term("schedule.head", name, lang) for name in head], [_row(stage, lang) for stage in stages])
    longest = slowest(stages)
    console.say("simulate_whole", hours=round(sum(s.seconds for s in stages) / _HOUR_S, 2))
    if longest.bottleneck:
        console.say("simulate_slowest", stage=term("schedule.stage", longest.name, lang))
        console.lines([text(f"schedule.advice.{longest.bottleneck}", lang)])
    if any(stage.given_up for stage in stages):
        console.say("simulate_given_up", count=sum(stage.given_up for stage in stages))
    if any(stage.share < 1 for stage in stages):
        console.say("simulate_share")
    console.data(
        {
            "is_model": True,
            "articles": articles,
            "figures": {name: {"value": value, "from": origins[name]} for name, value in asdict(platform).items()},
            "seconds": sum(stage.seconds for stage in stages),
            "slowest": longest.name,
            "stages": [{**asdict(stage), "bottleneck": stage.bottleneck} for stage in stages],
        }
    )
    return ExitCode.DONE


def _figures(platform: Platform, origins: Mapping[str, str], language: str) -> list[str]:
    return [
        f"  {name} = {number(round(value, 3), language)} ({term('schedule.origin', origins[name], language)})"
        for name, value in asdict(platform).items()
    ]


def _row(stage: Stage, language: str) -> tuple[str, ...]:
    resource = stage.bottleneck
    busy = "" if resource is None else f"{term('schedule.resource', resource, language)} {stage.use[resource]:.0%}"
    return (
        term("schedule.stage", stage.name, language), number(stage.seconds / _HOUR_S, language, 2),
        number(stage.requests, language), number(stage.retries, language), number(stage.given_up, language), busy,
    )  # fmt: skip
