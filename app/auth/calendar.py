"""The nurse's calendar feed on her account page: a secret address, told once."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.actions import phones
from app.auth.forms import PasswordForm
from app.auth.views import blueprint, feed_since
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import actor, begin


@blueprint.post("/account/calendar")
@allow(Role.NURSE)
def open_calendar() -> ResponseReturnValue:
    """Make a new address and show it, this once. The one before leads nowhere from now on."""
    with begin() as tx:
        secret = phones.open_feed(tx, actor())
        since = feed_since(tx)
    address = url_for("nurse.calendar", secret=secret, _external=True)
    return render_template("auth/account.html", form=PasswordForm(), feed=since, address=address)


@blueprint.post("/account/calendar/end")
@allow(Role.NURSE)
def close_calendar() -> ResponseReturnValue:
    """End the feed."""
    with begin() as tx:
        phones.close_feed(tx, actor())
    flash("Your calendar's address leads nowhere any more.", "success")
    return redirect(url_for("auth.account"))
