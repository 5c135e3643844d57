"""How fast a text is read, beside a learned peer over the same tokens. Run `python -m bench.reading [file.jsonl]`."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from nlp.duties import Duties
from nlp.examples import read_tsv, training_files
from nlp.facts import Extractor
from nlp.lexicon import Lexicon
from nlp.model import Model
from nlp.reader import Reader
from nlp.segment import Jieba, Rjieba, Segmenter

POLICY = Path("policy/wugang")
TODAY = date(2026, 11, 25)
REPEATS = 3


def main() -> int:
    texts = _texts()
    print(f"{len(texts)} texts, {sum(map(len, texts)) / len(texts):.0f} characters on average, one core, best of {REPEATS}")
    for name, segmenter in (("jieba", Jieba), ("rjieba", Rjieba)):
        start = time.perf_counter()
        reader = _reader(segmenter)
        reader.read(texts[0], TODAY)
        print(f"{name}: start to first decision {time.perf_counter() - start:.2f} s")
        ours = _per_second(partial(reader.read, today=TODAY), texts)
        theirs = _peer(segmenter(()), texts)
        print(f"{name}: whole decision with facts {ours:,.0f} texts/s; TF-IDF + SVC alone {theirs:,.0f} texts/s; {ours / theirs:.1f} ×")
    size = (POLICY / "weights.json").stat().st_size
    print(f"weights {size / 1000:.0f} kB")
    return 0


def _reader(segmenter: Callable[[Iterable[str]], Segmenter]) -> Reader:
    lexicon, duties = Lexicon.load(POLICY), Duties.load(POLICY)
    return Reader(lexicon, duties, Model.load(POLICY, lexicon, duties), segmenter(lexicon.own_words()), Extractor.load(POLICY))


def _texts() -> list[str]:
    if len(sys.argv) > 1:
        return [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text("utf-8").splitlines() if line.strip()]
    return [example.text for example in read_tsv(training_files(held_out=True), Duties.load(POLICY))]


def _peer(segmenter: Segmenter, texts: Sequence[str]) -> float:
    """A text at a time, as a service would: cut, vectorise, decide."""
    examples = read_tsv(training_files(), Duties.load(POLICY))
    vectors = TfidfVectorizer(tokenizer=lambda text: [word for word, _, _ in segmenter.tokens(text)], token_pattern=None, lowercase=False)
    model = LinearSVC().fit(vectors.fit_transform([one.text for one in examples]), [one.categories[0] for one in examples])
    return _per_second(lambda text: model.predict(vectors.transform([text])), texts)


def _per_second(answer: Callable[[str], object], texts: Sequence[str]) -> float:
    """One text after the other, each answer dropped before the next: as a service would."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        for text in texts:
            answer(text)
        best = min(best, time.process_time() - start)
    return len(texts) / best


if __name__ == "__main__":
    sys.exit(main())
