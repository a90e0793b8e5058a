"""How this installation sends mail, and where the links in its letters lead."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from civicmap.foundation.bindings import Binding
from civicmap.foundation.mail import MailServer


@dataclass(frozen=True)
class Mailing:
    """`base_url`: where people reach civicmap. `sender`: `Name <address>`. Without a `server`
    letters are kept instead of sent."""

    base_url: str
    sender: str
    server: MailServer | None

    @property
    def domain(self) -> str:
        """The sender's domain, for message ids."""
        return parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"

    def own_report(self, number: str, secret: str) -> str:
        """A reporter's own link. The paths are those of `web/mine` and `web/auth`; a test opens
        every link of every letter."""
        return f"{self.base_url.rstrip('/')}/mine/{number}/{secret}"

    @property
    def host(self) -> str:
        """Where civicmap is, in a word that people know: civicmap.example.org."""
        return urlsplit(self.base_url).hostname or ""

    def open_link(self, token: str) -> str:
        """A one-time link to somebody's reports."""
        return f"{self.base_url.rstrip('/')}/mine/open/{token}"

    def unfollow(self, secret: str) -> str:
        """Ends the letters about a report that is followed."""
        return f"{self.base_url.rstrip('/')}/mine/unfollow/{secret}"

    def public_report(self, city_slug: str, number: str) -> str:
        """The page that everyone sees."""
        return f"{self.base_url.rstrip('/')}/{city_slug}/reports/{number}"

    def set_password(self, token: str) -> str:
        """A one-time link to set a password."""
        return f"{self.base_url.rstrip('/')}/auth/password/{token}"


MAILING: Binding[Mailing] = Binding("how mail is sent")
