"""Runs the benchmarks one after another, each in a process of its own: `python -m bench`, or some of them by name."""

import argparse
import importlib.util
import subprocess
import sys

# Each prints what it measured beside a floor measured in the same run; a bench that finds a rule broken exits with 1.
BENCHES = {
    "reading": "texts a second, against TF-IDF and a linear SVC over the same tokens",
    "worktime": "what a question about working time costs, beside a plain difference",
    "figures": "any question to the figures, against a plain scan of the same rows",
    "telegram": "our own cost per update above each library's floor",
    "papers": "a ledger of 100,000 rows in constant memory",
    "similar": "similar reports among 100,000",
    "load": "200 parents at once for a minute over HTTP, and an attacker beside them",
    "kill": "1,000 kills at random moments of intake: none lost, doubled or half-written",
    "power_cut": "400 simulated power cuts: nothing acknowledged is lost",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which ones (default: all): {', '.join(BENCHES)}")
    chosen = parser.parse_args().names or list(BENCHES)
    unknown = [name for name in chosen if name not in BENCHES]
    if unknown:
        parser.error(f"there is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}")
    failed = []
    for name in chosen:
        print(f"\n== {name}: {BENCHES[name]}", flush=True)
        finished = subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False)  # noqa: S603 - the names are the table's
        if finished.returncode:
            failed.append(name)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll held.")
    return 1 if failed else 0


def missing() -> list[str]:
    """Benches named here that do not exist; a test keeps this empty."""
    return [name for name in BENCHES if importlib.util.find_spec(f"bench.{name}") is None]


if __name__ == "__main__":
    sys.exit(main())
