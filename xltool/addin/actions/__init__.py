"""What each button of the ribbon does (see `running.ACTIONS`)."""
