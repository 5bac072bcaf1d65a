"""The forms of log-in and password."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from app.actions.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD


class LogInForm(FlaskForm):  # type: ignore[misc]
    """E-mail address and password; `next` is the page that was asked for."""

    email = StringField(
        "E-mail address",
        [InputRequired("Type your e-mail address."), Length(max=254)],
        render_kw={
            "type": "email",
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
    password = PasswordField(
        "Password",
        [InputRequired("Type your password.")],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The current password and the new one, typed twice."""

    current = PasswordField(
        "Current password",
        [InputRequired("Type your current password.")],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        "New password",
        [InputRequired("Type a new password.")],
        description=f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a few words in a row are good.",
        render_kw={
            "autocomplete": "new-password",
            "minlength": SHORTEST_PASSWORD,
            "maxlength": LONGEST_PASSWORD,
        },
    )
    again = PasswordField(
        "New password, once more",
        [EqualTo("new", "The two new passwords differ: type the same one twice.")],
        render_kw={"autocomplete": "new-password"},
    )
