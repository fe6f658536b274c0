"""How often a process looks for garbage."""

import gc

THRESHOLDS = 20_000, 10, 20
"""New objects until the young are looked through, and how often that leads to the older ones. A page makes some ten
thousand objects, nearly all gone when it is answered: at Python's seven hundred they are looked through many times.
"""


def settle() -> None:
    """For a server that has just started: what is loaded stays for good and is not looked through; the new, seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
