"""尾差: what a figure may have been before it was rounded, and whether that explains a difference."""
