"""Every benchmark that `make bench` names exists."""

from bench import __main__ as bench


def test_every_bench_that_is_named_exists() -> None:
    assert bench.missing() == []
