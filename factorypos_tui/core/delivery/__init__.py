"""From a close to a receipt: collector, worker, link and timetable."""
