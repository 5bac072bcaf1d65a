"""gunicorn's own settings; address and number of workers come from its command line.

The app is built once, before the workers are forked: a wrong setting then ends the server with its one line
instead of workers that die over and over. No connection is open at that point (`app.wiring.create_app`).
"""

preload_app = True
