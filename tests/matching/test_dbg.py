import cProfile
import pstats
import time

from impulse_chassis.testing import Log
from tests.matching.test_matching_service import *


def test_x(engine):
    svc = build()
    p = svc.processor(engine)
    log = Log()

    def batch(msgs):
        rs = [record_of(m.state, log) for m in msgs]
        t = time.perf_counter()
        p.process(rs, START)
        return time.perf_counter() - t

    words = ["Streichen", "Garten", "Beete", "Kita", "Vorlesen", "Computer", "Website", "Steuern", "Umzug", "Möbel", "Transport", "Bewerbung", "Praktikum"]
    import random

    random.seed(2)

    def mk(kind, n, k):
        return [
            kind(
                f"{' '.join(random.choices(words, k=3))} {k}{i}",
                description=" ".join(random.choices(words, k=15)),
            )
            for i in range(n)
        ]

    print("offers", batch(mk(offer, 500, "o")))
    print("needs", batch(mk(need, 100, "n")))
    pr = cProfile.Profile()
    pr.enable()
    print("needs2", batch(mk(need, 100, "m")))
    pr.disable()
    pstats.Stats(pr).sort_stats("tottime").print_stats(25)

    assert 0
