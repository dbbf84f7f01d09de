"""The program, but its sending never comes back; it is watched for a second, not for ten minutes.

python -m tests.faults.hanging ARGUMENTS
"""

import threading

from factorypos_tui.cli.main import main
from factorypos_tui.core import engine
from factorypos_tui.core.delivery.worker import Worker


def never_come_back(self: Worker) -> bool:
    threading.Event().wait()
    return False


if __name__ == "__main__":
    engine._HANGS_AFTER_S = 1.0
    Worker.step = never_come_back  # type: ignore[method-assign]
    main()
