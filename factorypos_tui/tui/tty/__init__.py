"""Between Textual and the line: what is on the screen, what the terminal can show, and the fewest bytes for
it."""
