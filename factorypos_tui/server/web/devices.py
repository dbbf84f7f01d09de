"""What a program calls itself, in words that people know. Pure."""

from factorypos_tui.server.words import told

_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome"}
_BROWSERS |= {"Chrome": "Chrome", "Safari": "Safari"}
"""The first that is found: each of them also calls itself what those after it do."""
_SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
_SYSTEMS |= {"Macintosh": "macOS", "CrOS": "ChromeOS", "Linux": "Linux"}
_LONGEST = 60


def device_words(agent: str) -> str:
    """The program and the system of a `User-Agent`; of a program that is no known browser, what it says
    first."""
    browser = next((words for mark, words in _BROWSERS.items() if f"{mark}/" in agent), None)
    system = next((words for mark, words in _SYSTEMS.items() if mark in agent), None)
    if browser and system:
        return told("{program} on {system}").format(program=browser, system=system)
    return (browser or agent.split(" ")[0].replace("/", " "))[:_LONGEST] or told("Unknown program")
