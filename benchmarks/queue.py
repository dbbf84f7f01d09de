"""Our queue beside raw sqlite3, litequeue, persist-queue and huey: see `queue_rates.py`.

    python benchmarks/queue.py --items 400 --rounds 7

This file has a name of the standard library, which Python would take for it in any program of this folder.
"""

import sys
from importlib import import_module
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != _HERE]
if __name__ == "queue":  # another program of this folder asked for the standard library's
    del sys.modules[__name__]
    import_module(__name__)
elif __name__ == "__main__":
    sys.path.insert(0, str(_HERE.parent))
    import_module("benchmarks.queue_rates").main()
