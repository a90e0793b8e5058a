"""Mail: a message made so that nothing in it can become a header, and handed to an SMTP server.

What a server answers is told apart in two: `LetterRefused` is for good, `MailServerAway` is worth
another try. Neither carries an address: both end in logs.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

# Long enough for a slow server (a greeting may be delayed on purpose), short enough that a worker
# that is told to end does so.
TIMEOUT_SECONDS = 10.0
PERMANENT = 500

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LetterRefused(Exception):
    """The letter cannot be delivered and never will be: `reason` without any address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailServerAway(Exception):
    """The mail server is not there, not ready, or not set up: try again later."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. `security` is "tls" from the first byte (smtps), or "starttls"
    where the server offers it."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class OutgoingMail:
    """A mail before it has headers. `message_id` stays the same when it is sent once more.
    `unsubscribe`: the address that ends such mail, by a POST (RFC 8058)."""

    sender: str
    recipient: str
    subject: str
    body: str
    message_id: str
    written_at: datetime
    language: str
    unsubscribe: str = ""


def read_server(url: str) -> MailServer:
    """The server of `smtp://user:password@host:587` or `smtps://…:465`. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("it must look like smtp://user:password@host:587 or smtps://host:465")
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        security="tls" if parts.scheme == "smtps" else "starttls",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def check_sender(text: str) -> None:
    """Raises ValueError when `Name <address>` cannot be the sender of mail."""
    try:
        _sender(text)
    except ValueError:
        raise ValueError("it must look like: City of Example <no-reply@example.org>") from None


def compose(mail: OutgoingMail) -> EmailMessage:
    """The message with its headers. Raises LetterRefused: an address that cannot be one."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.written_at)
    message["From"] = _sender(mail.sender)
    message["To"] = _recipient(mail.recipient)
    message["Subject"] = header_text(mail.subject)
    # RFC 3834: no out-of-office answers, please.
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        # RFC 8058: the mail reader shows a button of its own.
        message["List-Unsubscribe"] = f"<{header_text(mail.unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Content-Language"] = header_text(mail.language)
    message.set_content(mail.body, charset="utf-8")
    return message


def header_text(text: str) -> str:
    """Text that may stand in a header, on one line.

    Control characters would end the header; `=?` would begin an encoded word (RFC 2047), which
    Python 3.11 decodes on the way, line breaks and further headers included.
    """
    return _CONTROL.sub(" ", text).replace("=?", "= ?").strip()


def send(server: MailServer, mail: OutgoingMail) -> None:
    """Hand one mail over. Returns when the server has taken responsibility for it (250 after DATA).

    Raises LetterRefused and MailServerAway.
    """
    message = compose(mail)
    with _connection(server) as connection, _answers_understood():
        connection.send_message(message)


@contextmanager
def _connection(server: MailServer) -> Iterator[smtplib.SMTP]:
    try:
        connection = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        # An SMTPException is an OSError too. Whatever goes wrong before there is a letter on the
        # line, a wrong password included, is no fault of the letter.
        raise MailServerAway(_described(error)) from None
    try:
        yield connection
    finally:
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=trusted
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.ehlo()
        if server.security == "starttls" and connection.has_extn("starttls"):
            connection.starttls(context=trusted)
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _answers_understood() -> Iterator[None]:
    """Turn what smtplib raises while a letter is on the line into one of our two errors."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        code = max(code for code, _ in refused.recipients.values())
        if code >= PERMANENT:
            raise LetterRefused(f"the mail server refused the recipient ({code})") from None
        raise MailServerAway(f"the mail server put the recipient off ({code})") from None
    except smtplib.SMTPDataError as refused:
        if refused.smtp_code >= PERMANENT:
            raise LetterRefused(
                f"the mail server refused the letter ({refused.smtp_code})"
            ) from None
        raise MailServerAway(f"the mail server put the letter off ({refused.smtp_code})") from None
    except (OSError, smtplib.SMTPException) as error:
        # Our own sender refused is a matter of set-up: the letter waits until that is put right.
        raise MailServerAway(_described(error)) from None


def _described(error: Exception) -> str:
    """What went wrong, without the server's own words: they like to repeat addresses."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} ({code})" if code else type(error).__name__


def _sender(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(display_name=header_text(name), addr_spec=_ascii(address))


def _recipient(text: str) -> Address:
    try:
        return Address(addr_spec=_ascii(text))
    except ValueError:
        raise LetterRefused("the recipient's address is not one") from None


def _ascii(address: str) -> str:
    """The address with its domain in ASCII (IDNA). Raises ValueError."""
    if "=?" in address or _CONTROL.search(address):
        raise ValueError("an address with parts of a header in it")
    if address.endswith("@localhost"):
        return address
    try:
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise ValueError("not an e-mail address") from error
    if found.ascii_email is None:
        raise ValueError("not an e-mail address")
    return found.ascii_email
