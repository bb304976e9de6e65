"""The blueprint that all views of accounts share."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
