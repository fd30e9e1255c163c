"""The local web page: what the command line does, for people who never open a terminal; it calls only the api."""
