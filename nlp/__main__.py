"""python -m nlp: route, explain, evaluate, suggest, learn, benchmark."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from nlp import evaluate, suggest
from nlp.examples import read_tsv, training_files
from nlp.explain import explain
from nlp.reader import Reader
from nlp.route import as_row

_POLICY = Path(__file__).parent.parent / "policy" / "wugang"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m nlp", description=__doc__)
    parser.add_argument("--policy", type=Path, default=_POLICY, help="the city's folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("route", help="JSON lines {id, text} in, decisions out")
    commands.add_parser("explain", help="why one text is read as it is").add_argument("text")
    commands.add_parser("evaluate", help="figures on labelled texts").add_argument("file", type=Path)
    commands.add_parser("suggest", help="proposals from re-routed texts {text, was, is}").add_argument("file", type=Path)
    commands.add_parser("learn", help="fit weights.json on our labelled sentences")
    commands.add_parser("benchmark", help="the learner beside its peer on letters {text, label}").add_argument("file", type=Path)
    arguments = parser.parse_args()
    globals()[f"_{arguments.command}"](arguments)


def _route(arguments: argparse.Namespace) -> None:
    reader, today = Reader.load(arguments.policy), date.today()  # noqa: DTZ011 - the person at the terminal means the local day
    for line in filter(str.strip, sys.stdin):
        given = json.loads(line)
        print(json.dumps({"id": given["id"], **as_row(reader.read(given["text"], today))}, ensure_ascii=False))


def _explain(arguments: argparse.Namespace) -> None:
    reader = Reader.load(arguments.policy)
    print(*explain(reader.read(arguments.text, date.today()), reader.duties), sep="\n")  # noqa: DTZ011


def _evaluate(arguments: argparse.Namespace) -> None:
    reader = Reader.load(arguments.policy)
    print(*evaluate.describe(evaluate.judge(reader, evaluate.read_examples(arguments.file, reader.duties))), sep="\n")


def _suggest(arguments: argparse.Namespace) -> None:
    reader = Reader.load(arguments.policy)
    check = read_tsv(training_files(held_out=True), reader.duties)
    print(*suggest.describe(suggest.propose(reader, suggest.read_rerouted(arguments.file), check)), sep="\n")


def _learn(arguments: argparse.Namespace) -> None:
    from nlp.learn import learn  # scikit-learn is there only for those who change the project

    print(learn(arguments.policy))


def _benchmark(arguments: argparse.Namespace) -> None:
    from nlp.benchmark import compare

    print(compare(arguments.file))


if __name__ == "__main__":
    main()
