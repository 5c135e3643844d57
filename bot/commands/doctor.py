"""Look this installation over: what is well, what to watch, what to mend, and how. Changes nothing."""

import argparse
import asyncio

from bot.checkup import State, look_over
from bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is a setting; see .env.example."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    remarks = asyncio.run(look_over(settings))
    for remark in remarks:
        advice = f": {remark.advice}" if remark.advice and remark.state is not State.WELL else ""
        print(f"{remark.state:5}  {remark.about}: {remark.found}{advice}")
    return 1 if any(remark.state is State.MEND for remark in remarks) else 0
