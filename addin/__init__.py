"""The sources of xltool.xlam, the ribbon's add-in, and what builds it from them: `python -m addin.build`."""
