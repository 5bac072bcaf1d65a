"""The dispatcher's day."""

from flask import Blueprint

blueprint = Blueprint("board", __name__, url_prefix="/board", template_folder="templates")
