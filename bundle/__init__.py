"""Folders that run without Python: `make bundle`. How they are used, and verified, is told in docs/部署.md."""
