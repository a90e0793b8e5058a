"""A real SMTP server for tests: it can be away, refuse, put off, or hold a letter in its hand."""

from __future__ import annotations

import asyncio
import email
import socket
import ssl
import threading
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.certificates import CERTIFICATE, KEY


class MailServer:
    """Listens on a port of its own on 127.0.0.1, from `start` to `stop`, as often as wanted."""

    def __init__(self) -> None:
        self.port = free_port()
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[Envelope] = []
        self.were_encrypted: list[bool] = []
        self.answer_to_recipient = ""
        self.answer_to_letter = ""
        # Cleared: the server takes a letter and says nothing until it is set again.
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.has_letter_in_hand = threading.Event()
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self, *, tls: str = "", password: str = "") -> None:
        """`tls`: "starttls", "smtps" or none. `password`: of the user `civicmap`, with starttls."""
        options: dict[str, Any] = {}
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE, KEY)
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if password:
            options |= {
                "auth_required": True,
                "auth_require_tls": True,
                "authenticator": lambda server, session, envelope, mechanism, given: AuthResult(
                    handled=False,
                    success=isinstance(given, LoginPassword)
                    and (given.login, given.password) == (b"civicmap", password.encode()),
                ),
            }
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=context if tls == "smtps" else None,
            **options,
        )
        self._controller.start()

    def stop(self) -> None:
        self.may_answer.set()
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer_to_letter:
            return self.answer_to_letter
        self.has_letter_in_hand.set()
        while not self.may_answer.is_set():
            await asyncio.sleep(0.02)
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        self.envelopes.append(envelope)
        assert server.transport is not None
        self.were_encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
