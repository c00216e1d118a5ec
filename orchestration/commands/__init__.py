"""The groups of the command `duban`, a module a noun; cli.py puts them together. Thin: what is done lives elsewhere."""
