"""Error pages: what happened and what to do, in the product's look; JSON for scripts; never an internal."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.actions.errors import ActionError
from app.web import logs
from app.web.replies import wants_json


@dataclass(frozen=True, slots=True)
class Words:
    """An error in words: what happened, and what to do now."""

    title: str
    cure: str


WORDS = {
    400: Words("That request made no sense to us", "Go back, reload the page and try again."),
    401: Words("You are not logged in", "Log in and try again."),
    403: Words("This page is not yours to see", "If you need it, ask whoever runs Rounds at your clinic."),
    404: Words("There is no such page", "The address may be old, or what was here is gone."),
    405: Words("That cannot be done here", "Go back and use the buttons of the page."),
    409: Words("That did not go through", "Nothing was changed."),
    413: Words("That is too large", "Send a smaller file: 8 MB is the most."),
    429: Words("Too many tries", "Wait ten minutes, then try again."),
    500: Words("Something went wrong on our side", "Nothing was saved. Try again."),
}

OUT_OF_DATE = Words("This page was out of date", "Go back, reload the page and send the form again.")
NO_COOKIE = Words(
    "Your browser sent no cookie",
    "Allow cookies for this site, open it by its https address, and send the form again.",
)


def install(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ActionError, _refused)
    app.register_error_handler(Exception, _unforeseen)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response  # abort(response), and redirects of the router
    status = error.code or 500
    if isinstance(error, CSRFError):
        return _answer(status, OUT_OF_DATE if _has_session_cookie() else NO_COOKIE)
    return _answer(status, WORDS.get(status, WORDS[400 if status < 500 else 500]))


def _has_session_cookie() -> bool:
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def _refused(error: ActionError) -> ResponseReturnValue:
    return _answer(409, Words(WORDS[409].title, str(error)))


def _unforeseen(error: Exception) -> ResponseReturnValue:
    logs.failure(error)
    return _answer(500, WORDS[500])


def _answer(status: int, words: Words) -> ResponseReturnValue:
    if wants_json():
        message = f"{words.title}. {words.cure}"
        return jsonify(error=message, status=status, request_id=g.get("request_id", "")), status
    return render_template("error.html", status=status, words=words), status
