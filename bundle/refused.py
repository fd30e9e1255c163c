"""Why no bundle was made."""


class BundleRefused(Exception):
    """One sentence that says what the person who builds has to do."""
