"""The state of a terminal, judged and put into words."""
