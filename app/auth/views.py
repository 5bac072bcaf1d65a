"""Log-in, log-out and the account page."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.actions import accounts
from app.actions.errors import ActionError
from app.auth.forms import LogInForm, PasswordForm
from app.auth.throttle import Throttle
from app.store.engine import Tx
from app.store.models import User
from app.store.models.user import Role
from app.store.queries import phones, users
from app.web import sessions
from app.web.access import allow, own_page, public
from app.web.context import actor, begin, settings

blueprint = Blueprint("auth", __name__, template_folder="templates", cli_group=None)

_THROTTLE = "rounds.throttle"


@blueprint.record
def _one_throttle_per_app(state: BlueprintSetupState) -> None:
    state.app.extensions[_THROTTLE] = Throttle()


@blueprint.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Log in. A wrong password and an unknown address get the same answer."""
    if current_user.is_authenticated:
        return redirect(url_for("pages.home"))
    form = LogInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if not form.validate_on_submit():
        return _page(form)
    user = _verified(form.email.data, form.password.data)
    if user is None:
        form.password.errors = ["That e-mail address and password do not belong together. Try again."]
        return _page(form)
    _start_session(user)
    return redirect(own_page(form.next.data, user.role) or url_for("pages.home"))


@blueprint.post("/logout")
@allow(Role.DISPATCHER, Role.NURSE)
def logout() -> ResponseReturnValue:
    """End this session."""
    with begin() as tx:
        accounts.log_out(tx, actor())
    sessions.end()
    flash("You are logged out.", "success")
    return redirect(url_for("auth.login"))


@blueprint.post("/logout/everywhere")
@allow(Role.DISPATCHER, Role.NURSE)
def logout_everywhere() -> ResponseReturnValue:
    """End all sessions of this user, as after a lost phone."""
    with begin() as tx:
        accounts.log_out_everywhere(tx, actor())
        phones.drop_all_subscriptions(tx, actor().user_id)
    sessions.end()
    flash("You are logged out on all devices.", "success")
    return redirect(url_for("auth.login"))


@blueprint.route("/account", methods=["GET", "POST"])
@allow(Role.DISPATCHER, Role.NURSE)
def account() -> ResponseReturnValue:
    """Change the password. All other sessions of the user end with it."""
    form = PasswordForm()
    if form.validate_on_submit():
        user = _changed(form)
        if user is not None:
            _start_session(user)
            flash("Your password is changed. Other devices are logged out.", "success")
            return redirect(url_for("auth.account"))
    with begin() as tx:
        feed = feed_since(tx)
    return render_template("auth/account.html", form=form, feed=feed), 400 if form.errors else 200


def feed_since(tx: Tx) -> datetime | None:
    """When the nurse's calendar feed was opened; None: she has none."""
    feed = phones.feed_of(tx, actor().nurse_id or 0)
    return None if feed is None else feed.created_at


def _page(form: LogInForm) -> ResponseReturnValue:
    return render_template("auth/login.html", form=form, demo=settings().demo), 400 if form.errors else 200


def _verified(email: str, password: str) -> User | None:
    throttle, address = _throttle(email)
    with begin() as tx:
        user = accounts.verify(tx, email, password)
    if user is None:
        throttle.failed(address, email)
    return user


def _changed(form: PasswordForm) -> User | None:
    throttle, address = _throttle(current_user.email)
    with begin() as tx:
        try:
            return accounts.change_password(tx, actor(), current=form.current.data, new=form.new.data)
        except accounts.WrongPasswordError as error:
            throttle.failed(address, current_user.email)
            form.current.errors = [str(error)]
        except ActionError as error:
            form.new.errors = [str(error)]
    return None


def _throttle(email: str) -> tuple[Throttle, str]:
    throttle: Throttle = current_app.extensions[_THROTTLE]
    address = request.remote_addr or ""
    if throttle.shut(address, email):
        abort(429)
    return throttle, address


def _start_session(user: User) -> None:
    with begin() as tx:
        found = users.account(tx, user.id)
    if found is None:
        abort(403)
    sessions.start(found.user, found.region)
