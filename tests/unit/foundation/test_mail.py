"""Mail as it is put together: no text of anybody becomes a header."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from civicmap.foundation.mail import (
    LetterRefused,
    MailServer,
    OutgoingMail,
    check_sender,
    compose,
    header_text,
    read_server,
)


def outgoing(**values: object) -> OutgoingMail:
    return OutgoingMail(
        **{  # type: ignore[arg-type]
            "sender": "City of Poznań <no-reply@example.org>",
            "recipient": "jan@example.org",
            "subject": "Report PO-7K4M-2Q: received",
            "body": "Zażółć gęślą jaźń.\n",
            "message_id": "<letter.7.1750000000@example.org>",
            "written_at": datetime(2025, 6, 1, 12, 0, tzinfo=UTC),
            "language": "pl",
            **values,
        }
    )


def headers_on_the_wire(mail: OutgoingMail) -> list[str]:
    """The names of the headers that a receiver sees."""
    message = message_from_bytes(compose(mail).as_bytes(), policy=policy.default)
    return sorted({name.lower() for name in message.keys()})  # noqa: SIM118 - a message is no dict


USUAL = headers_on_the_wire(outgoing())


def test_a_mail_says_who_it_is_from_and_that_a_machine_wrote_it() -> None:
    message = compose(outgoing())
    assert message["From"] == "City of Poznań <no-reply@example.org>"
    assert message["To"] == "jan@example.org"
    assert message["Date"] == "Sun, 01 Jun 2025 12:00:00 +0000"
    assert message["Message-ID"] == "<letter.7.1750000000@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content() == "Zażółć gęślą jaźń.\n"
    assert not [name for name in message if name.lower().startswith("list-")]


def test_a_letter_to_followers_can_be_ended_by_the_mail_readers_own_button() -> None:
    message = compose(outgoing(unsubscribe="https://example.org/mine/unfollow/abc"))
    assert message["List-Unsubscribe"] == "<https://example.org/mine/unfollow/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    broken = compose(outgoing(unsubscribe="https://example.org/a\r\nBcc: everyone@example.org"))
    assert broken["Bcc"] is None


@pytest.mark.parametrize(
    "subject",
    [
        "Report\r\nBcc: everyone@example.org",
        "Report\nBcc: everyone@example.org\n\nbody",
        "Report\x00\x0b\x0c\x85\u2028Bcc: everyone@example.org",
        "=?utf-8?q?a=0d=0aBcc:_everyone@example.org?=",
        "=?utf-8?b?YQ0KQmNjOiBldmVyeW9uZUBleGFtcGxlLm9yZw==?=",
        "==??utf-8?q?a=0d=0aBcc:_x?=",
        "Поломка =?utf-8?q?=0aBcc:x?= ?=",
    ],
)
def test_no_subject_becomes_a_header_or_a_recipient(subject: str) -> None:
    mail = outgoing(subject=subject)
    assert headers_on_the_wire(mail) == USUAL
    assert "=?" not in header_text(subject)
    assert compose(mail)["Subject"].defects == ()


@pytest.mark.parametrize(
    "recipient",
    [
        "jan@example.org\r\nBcc: everyone@example.org",
        "jan@example.org\nBcc: x@example.org",
        "jan@example.org, everyone@example.org",
        "Jan <jan@example.org>",
        "=?utf-8?q?a=0d=0aBcc=3ax?=@example.org",
        "jan@example.org\x00",
        "jan",
        "",
        "@example.org",
        "żółw@example.org",
    ],
)
def test_what_is_no_single_address_is_refused_for_good(recipient: str) -> None:
    with pytest.raises(LetterRefused) as caught:
        compose(outgoing(recipient=recipient))
    assert "example" not in str(caught.value)


def test_a_domain_in_letters_beyond_ascii_is_written_as_mail_servers_know_it() -> None:
    assert compose(outgoing(recipient="jan@żółw.example"))["To"] == "jan@xn--w-uga1v8h.example"


def test_a_hostile_sender_name_stays_a_name() -> None:
    mail = outgoing(sender="=?utf-8?q?x=0d=0aBcc:y?= <no-reply@example.org>")
    assert headers_on_the_wire(mail) == USUAL


def test_a_long_subject_in_cyrillic_survives() -> None:
    subject = "Заявка OS-7K4M-2Q: разбитое стекло автобусной остановки на проспекте " * 3
    message = message_from_bytes(compose(outgoing(subject=subject)).as_bytes(), policy=policy.SMTP)
    assert message["Subject"] == subject.strip()


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, "starttls")),
        ("smtp://127.0.0.1:2525", MailServer("127.0.0.1", 2525, "starttls")),
        (
            "smtps://u%40x:p%3Aw@m.example.org",
            MailServer("m.example.org", 465, "tls", "u@x", "p:w"),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(url: str, server: MailServer) -> None:
    assert read_server(url) == server


@pytest.mark.parametrize("url", ["mail.example.org:25", "http://x", "smtp://", "smtp://x:port"])
def test_what_is_no_mail_server_is_said_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"smtp://|[Pp]ort"):
        read_server(url)


def test_the_default_sender_will_do_for_a_start_and_nonsense_will_not() -> None:
    check_sender("civicmap <no-reply@localhost>")
    with pytest.raises(ValueError, match="City of Example"):
        check_sender("no address at all")
