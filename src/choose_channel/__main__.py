"""`python -m choose_channel` is `choose-channel`."""

from choose_channel.cli.main import main

main()
