"""Every class of the screens that is ours, wherever it lies."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen

from factorypos_tui import tui


def classes() -> Iterator[type[DOMNode]]:
    """Every class of ours with keys of its own."""
    for module in pkgutil.walk_packages(tui.__path__, "factorypos_tui.tui."):
        for _name, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(found, DOMNode) and found.__module__ == module.name:
                yield found


def screens() -> list[type[Screen[Any]]]:
    """Every screen that can be opened: what no other extends."""
    own = [found for found in classes() if issubclass(found, Screen)]
    return [screen for screen in own if not screen.__subclasses__()]
