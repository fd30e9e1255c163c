"""What Python does inside Excel when a button of the ribbon is pressed."""
