"""What a call of the platform can fail with. Each says what happened and what to do, in words.

`str(error)` is translated and safe to show: it never has the body of an answer, a password or a
token in it. Of what the platform says itself, it has one short line at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class PlatformError(Exception):
    """A call failed. `said` is what the platform says of it: one line, or empty."""

    text: ClassVar[StrOrPromise] = _("The call of Watcher failed.")
    status: int | None = None
    """The HTTP status of the answer, if there was one."""
    was_sent = True
    """Whether the call may have reached the platform."""

    def __init__(self, said: str = "", **details: Any) -> None:
        super().__init__(said)
        self.said = said
        self.details = details

    def __str__(self) -> str:
        explained = str(self.text) % self.details
        if not self.said:
            return explained
        return gettext("%(explained)s Watcher says: %(said)s") % {
            "explained": explained,
            "said": self.said,
        }


class UnreachableError(PlatformError):
    """No connection, or no complete answer in time."""

    text = _(
        "Watcher does not answer. Check the address, and whether Watcher can be reached "
        "from this server."
    )


class CertificateError(PlatformError):
    """The certificate of the platform cannot be trusted."""

    text = _(
        "The certificate of Watcher could not be verified. Renew it, or add its authority to "
        "those of this server (SSL_CERT_FILE)."
    )


class RedirectedError(PlatformError):
    """The platform leads to another address, where credentials are not sent."""

    text = _(
        "Watcher redirects to %(address)s. If that is its address, enter it for the connection: "
        "passwords are not sent to another address."
    )


class WrongCredentialsError(PlatformError):
    """The platform refuses the login and password, or the key."""

    text = _(
        "Watcher refuses the login and password. Enter them again. Nobody signs in until then, "
        "because wrong passwords block the user in Watcher."
    )


class WrongKeyError(WrongCredentialsError):
    """The platform refuses the key."""

    text = _("Watcher refuses the key. Enter it again.")


class SessionEndedError(PlatformError):
    """The platform refuses a token that it has just given out."""

    text = _("Watcher ends the session again at once. Ask the administrator of Watcher.")


class NoRightError(PlatformError):
    """The service user may not do this, or a limit is reached."""

    text = _("The service user has no right to this in Watcher, or a limit is reached there.")


class NotThereError(PlatformError):
    """The platform does not have this, or does not show it to the service user."""

    text = _("Watcher does not have this, or does not show it to the service user.")


class NotSupportedError(PlatformError):
    """This version of the platform lacks the call."""

    text = _("This version of Watcher cannot do this.")


class RefusedByPlatformError(PlatformError):
    """The platform refuses what it was sent. `about` names the field, if it says so."""

    text = _("Watcher refuses this.")


class ConflictError(PlatformError):
    """What was sent contradicts something that the platform has."""

    text = _("This contradicts something in Watcher. Read it again, then decide.")


class TooManyCallsError(PlatformError):
    """The platform wants fewer calls. `wait_seconds` says for how long none are made."""

    text = _("Watcher receives too many calls. Try again in %(wait_seconds)s seconds.")


class FailedError(PlatformError):
    """The platform has an error of its own."""

    text = _("Watcher has an error of its own (%(status)s). Try again later.")


class UnexpectedAnswerError(PlatformError):
    """The answer is not what the API answers: something else is at the address."""

    text = _(
        "The answer is not one of Watcher's API. Check the address, the paths and the version."
    )


class IncompleteListError(PlatformError):
    """A list broke off, repeated itself, or changed too much to be read as a whole."""

    text = _("Watcher did not return the whole list. Nothing was changed because of it.")


class ClocksDifferError(PlatformError):
    """The clocks differ so much that instants of the platform cannot be used."""

    text = _(
        "The clocks of Watcher and of this server differ by %(minutes)s minutes, so nothing was "
        "changed. Correct the wrong one."
    )


class OutcomeUnknownError(PlatformError):
    """A call was sent, and it is not known whether it took effect. It was not repeated."""

    text = _("Watcher did not say whether it has done this. Look there before you try again.")


class AlreadyThereError(PlatformError):
    """The platform already has something of this name; `ids` are theirs."""

    text = _("Watcher already has something of this name. Link it, or choose another name.")


class NotAppliedError(PlatformError):
    """The platform accepted a change and did not make it."""

    text = _("Watcher accepted this and did not change anything. Look there at what prevents it.")


class NotOneUserError(ConflictError):
    """Several users have the address of a person, so it is not known which of them is meant."""

    text = _(
        "Watcher has %(users)s users with this address, so none of them was chosen. Give each an "
        "address of its own there."
    )


class AdministratorError(ConflictError):
    """The user with the address of a person administers the platform: billing leaves it alone."""

    text = _("The user with this address is an administrator of Watcher, so it was left as it is.")


class LimitTooLowError(ConflictError):
    """A limit would stop what is there already: nothing was sent."""

    text = _(
        "A limit of 0, or below the cameras that the organization has in Watcher (%(cameras)s), "
        "is not sent. Enter a higher one."
    )


class NoKeyError(PlatformError):
    """The password cannot be read here."""

    text = _(
        "The password or key cannot be decrypted. Set ENCRYPTION_KEYS as it was when it was "
        "entered, or enter it again."
    )


class NotConnectedError(PlatformError):
    """There is no connection, or it does not allow this."""

    text = _("There is no connection to Watcher, or it is switched off.")


_BY_NAME = {
    each.__name__: each
    for each in (
        PlatformError,
        UnreachableError,
        CertificateError,
        RedirectedError,
        WrongCredentialsError,
        WrongKeyError,
        SessionEndedError,
        NoRightError,
        NotThereError,
        NotSupportedError,
        RefusedByPlatformError,
        ConflictError,
        TooManyCallsError,
        FailedError,
        UnexpectedAnswerError,
        IncompleteListError,
        ClocksDifferError,
        OutcomeUnknownError,
        AlreadyThereError,
        NotAppliedError,
        NotOneUserError,
        AdministratorError,
        LimitTooLowError,
        NoKeyError,
        NotConnectedError,
    )
}


def stored_error(error: PlatformError) -> dict[str, Any]:
    """Return an error as JSON can hold it, so that each reader gets it in their language."""
    return {"error": type(error).__name__, "said": error.said, "details": error.details}


def error_of(stored: dict[str, Any]) -> PlatformError | None:
    """Return the error that was stored, if any."""
    if not stored:
        return None
    kind = _BY_NAME.get(stored["error"], PlatformError)
    return kind(stored["said"], **stored["details"])
