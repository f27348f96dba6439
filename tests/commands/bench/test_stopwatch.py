"""The stopwatch of the benchmark."""

from kiosk.commands.bench.stopwatch import Stopwatch


def test_a_stopwatch_times_a_method_and_hands_on_what_it_gives() -> None:
    kind = type("Word", (), {"twice": lambda self, text: 2 * text})
    word, other, own = kind(), kind(), kind.twice
    with Stopwatch() as watch:
        watch.on(word, "twice", "of one")
        watch.on(kind, "twice", "of all")
        assert (word.twice("ha"), other.twice("oh")) == ("haha", "ohoh")
    assert (watch.count("of one"), watch.count("of all")) == (1, 1)
    assert kind.twice is own
    assert word.twice("ha") == "haha"
    assert (watch.count("of one"), watch.count("of all")) == (1, 1)


def test_a_stopwatch_tells_medians_and_nothing_where_nothing_was_timed() -> None:
    watch = Stopwatch()
    for took_ms in (5.0, 1.0, 3.0):
        watch.record("crop", took_ms)
    assert (watch.median_ms("crop"), watch.newest_ms("crop")) == (3.0, 3.0)
    assert watch.median_ms("draw") is watch.p95_ms("draw") is None
    assert watch.count("draw") == watch.newest_ms("draw") == 0
