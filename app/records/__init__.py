"""Nurses, patients, protocols and visits."""

from flask import Blueprint

blueprint = Blueprint("records", __name__, url_prefix="/records", template_folder="templates")
