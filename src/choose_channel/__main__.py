"""Where `choose-channel` and `python -m choose_channel` start."""

import gc
from signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal


def main() -> None:
    """Runs the command line. Ctrl-C ends the program at once, without a word, until the rest of
    it has been imported and can say something."""
    is_usual = getsignal(SIGINT) is default_int_handler  # not so in the background of a script
    if is_usual:
        signal(SIGINT, SIG_DFL)
    gc.disable()  # a run is short and makes little garbage; collecting costs a twentieth of it
    from choose_channel.cli.main import main as command_line

    if is_usual:
        signal(SIGINT, default_int_handler)
    command_line()


if __name__ == "__main__":
    main()
