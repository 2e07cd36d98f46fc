"""The command line, a module a command; each has ``register(app)`` and is imported when its command is called."""
