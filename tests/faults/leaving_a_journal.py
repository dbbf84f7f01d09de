"""A process that dies while its changes are in the journal only.

python -m tests.faults.leaving_a_journal HOME CLOUD_URL
"""

import os
import signal
import sys
from pathlib import Path

from factorypos_tui.core.delivery.collector import collect
from tests.faults.world import bar_at

if __name__ == "__main__":
    bar = bar_at(Path(sys.argv[1]), sys.argv[2])
    collect(bar.station)
    with bar.station.database.transaction():
        bar.station.database.execute("UPDATE shipment SET attempts = attempts + 1")
        os.kill(os.getpid(), signal.SIGKILL)
