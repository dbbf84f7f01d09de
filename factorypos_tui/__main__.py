"""Start the program: `python -m factorypos_tui`."""

from factorypos_tui.cli.main import main

if __name__ == "__main__":
    main()
