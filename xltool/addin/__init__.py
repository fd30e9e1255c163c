"""What Python does inside Excel when a button of the ribbon is pressed."""


def run(action: str, window: int) -> int:
    """Do what a button says (see `running.ACTIONS`) in the Excel whose window has this handle; returns the exit code.

    0 done, 1 something was found, 2 it could not be done; the user has read in a dialog what came of it. Raises
    ExcelRefused on a system that has no Excel to be driven.
    """
    from xltool.addin.running import run_on
    from xltool.addin.screen import screen_of

    return run_on(action, window, screen_of(window))
