"""The ways to assign this terminal on which nobody logs in at it."""

from factorypos_tui.tui.screens.account.log_in import OtherWays
from factorypos_tui.tui.screens.assign.enrolling import enrol_with_code
from factorypos_tui.tui.screens.assign.phoning import assign_with_phone

WAYS = OtherWays(enrol_with_code, assign_with_phone)
