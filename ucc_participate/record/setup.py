"""How records hook into the application."""

from flask import Flask

SHELF = "records"


def init_app(app: Flask) -> None:
    """Records on the shelf show names: erasing empties it, and the next record is made from what the log shows then."""
    app.extensions["ucc.shelves"].append(SHELF)
