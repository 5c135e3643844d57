"""The command line: `python -m bot run`, `route`, `demo`, `backup` …; each command is a module in bot/commands."""

import argparse
import importlib
import pkgutil
import sys

from bot import commands, stopping

# It runs until it is asked to stop; the others have an end of their own, and a stop before it is a failure.
LASTING = "run"


def main(argv: list[str]) -> int:
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    parser = argparse.ArgumentParser(prog="python -m bot", description="The tip line.", epilog="Each command explains itself with --help.")
    parser.add_argument("command", choices=names)
    chosen = parser.parse_args(argv[:1])
    if chosen.command == LASTING:
        stopping.keep()
    from bot import settings
    from storage.policy import PolicyUnreadable

    # Only the chosen command is imported: `route` must not wait for a chat library.
    command = importlib.import_module(f"bot.commands.{chosen.command}")
    own = argparse.ArgumentParser(prog=f"python -m bot {chosen.command}", description=command.__doc__)
    command.add_arguments(own)
    arguments = own.parse_args(argv[1:])
    try:
        return int(command.run(arguments, settings.load()))
    except settings.WrongSettings as wrong:
        for fault in wrong.faults:
            print(fault, file=sys.stderr)
        return 2
    except PolicyUnreadable as fault:
        print(fault, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
