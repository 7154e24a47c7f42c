"""`python -m config.cli` is the same as `groundwork`."""

from config.cli import main

main(prog_name="groundwork")
