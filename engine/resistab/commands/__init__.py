"""The commands for curators, a module each.

A module is called like its command and has a function ``register(app)``. It is imported only when its command is
called, or for the list of all commands.
"""
