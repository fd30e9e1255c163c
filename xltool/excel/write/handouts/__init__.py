"""Lists for people to go on with, and the links in them."""
