"""Every setting of civicmap, typed and explained. The only reader of the environment.

`docs/configuration.md` is generated from this file (`bin/civicmap settings`).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from civicmap.foundation.geocoders import GeocoderAddress, read_geocoder
from civicmap.foundation.mail import MailServer, check_sender, read_server
from civicmap.foundation.texting import Gateway, check_gateway

CHECKOUT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32


class BadSetting(SystemExit):
    """A setting that cannot be used; civicmap refuses to start and says which one and why."""


def setting(default: str, explanation: str) -> str:
    """A field read from `CIVICMAP_<NAME>` (`DATABASE_URL` keeps its common name)."""
    return field(default=default, metadata={"explanation": explanation})


@dataclass(frozen=True)
class Settings:
    """The settings as text, as they were given; the properties below give them meaning."""

    database_url: str = setting(
        "", "PostgreSQL with PostGIS: `postgresql://user:password@host:port/name`."
    )
    state: str = setting(
        str(CHECKOUT / "var"), "Folder for what must be kept: photos, the generated secret."
    )
    secret: str = setting(
        "",
        "Key that signs cookies, 32 characters or more. Left empty, one is generated and kept in "
        "the state folder, readable by its owner only.",
    )
    base_url: str = setting(
        "http://127.0.0.1:8000",
        "Where people reach civicmap; used in mail. With `https`, cookies are marked Secure.",
    )
    trusted_proxies: str = setting(
        "0",
        "How many reverse proxies in front set X-Forwarded-For, X-Forwarded-Proto and "
        "X-Forwarded-Host; each must set all three itself.",
    )
    tile_url: str = setting(
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "Raster tiles of the base map. Empty: no base map, only the boundary and the districts.",
    )
    tile_attribution: str = setting(
        "© OpenStreetMap contributors", "Words that the owner of the tiles asks to be shown."
    )
    tile_attribution_url: str = setting(
        "https://www.openstreetmap.org/copyright", "Where the attribution leads."
    )
    tile_shared_seconds: str = setting(
        "5",
        "How many seconds caches in front (nginx, a CDN) may give out a tile of counts before they "
        "ask again. Browsers always ask.",
    )
    smtp_url: str = setting(
        "",
        "Mail server: `smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…:465`. "
        "Empty: letters are kept; a demo city shows them to its staff.",
    )
    mail_from: str = setting("civicmap <no-reply@localhost>", "Sender of all mail.")
    sms_url: str = setting(
        "",
        "Gateway for texts to phones, `https://…`; see docs/how-to/send-texts.md. "
        "Empty: pages offer mail only; a demo keeps texts in its mailbox.",
    )
    sms_token: str = setting("", "Sent to the gateway as `Authorization: Bearer …`.")
    sms_from: str = setting("", "Sender of texts, where the gateway lets us choose.")
    send_limit: str = setting(
        "30 per hour; 100 per day", "Reports that one network address may send."
    )
    upload_limit: str = setting("120 per hour", "Photos that one network address may upload.")
    link_limit: str = setting(
        "10 per hour; 30 per day", "One-time links that one network address may ask for."
    )
    sign_in_limit: str = setting("30 per minute", "Sign-in attempts from one network address.")
    limiter_storage: str = setting(
        "memory://",
        "Where request limits are counted: `memory://` (each web process for itself) or "
        "`redis://…` for several.",
    )
    photo_megabytes: str = setting("15", "Largest photo that is taken, in megabytes.")
    uploads_megabytes: str = setting(
        "2000",
        "Room in the state folder for photos that are still arriving; beyond it others wait.",
    )
    photos_per_report: str = setting("5", "How many photos a report may carry.")
    geocoder: str = setting(
        "embedded",
        "Who finds addresses: `embedded` (what `bin/civicmap addresses import` took in), "
        "`nominatim+https://host/path` or `photon+https://host/path`; see "
        "[addresses](how-to/addresses.md).",
    )
    geocoder_rate: str = setting(
        "",
        "How many requests a second the foreign geocoder gets from all processes together. Empty: "
        "1 for Nominatim, 5 for Photon.",
    )
    address_limit: str = setting(
        "120 per minute; 3000 per day",
        "Address searches, and separately addresses of points, from one network address.",
    )
    log_level: str = setting("INFO", "DEBUG, INFO, WARNING or ERROR.")

    @property
    def state_folder(self) -> Path:
        return Path(self.state)

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def photo_bytes(self) -> int:
        return whole_number("CIVICMAP_PHOTO_MEGABYTES", self.photo_megabytes) * 1_000_000

    @property
    def tile_seconds(self) -> int:
        return whole_number("CIVICMAP_TILE_SHARED_SECONDS", self.tile_shared_seconds)

    @property
    def uploads_room(self) -> int:
        """Bytes that photos may take while they arrive."""
        return whole_number("CIVICMAP_UPLOADS_MEGABYTES", self.uploads_megabytes) * 1_000_000

    @property
    def photo_count(self) -> int:
        return whole_number("CIVICMAP_PHOTOS_PER_REPORT", self.photos_per_report)

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail is handed over, if anywhere. Raises BadSetting."""
        if not self.smtp_url:
            return None
        try:
            check_sender(self.mail_from)
        except ValueError as error:
            raise BadSetting(f"CIVICMAP_MAIL_FROM cannot be used: {error}.") from None
        try:
            return read_server(self.smtp_url)
        except ValueError as error:
            raise BadSetting(f"CIVICMAP_SMTP_URL cannot be used: {error}.") from None

    @property
    def geocoder_address(self) -> GeocoderAddress | None:
        """Which foreign geocoder is asked, if any. Raises BadSetting."""
        try:
            return read_geocoder(self.geocoder, self.geocoder_rate)
        except ValueError as error:
            raise BadSetting(f"CIVICMAP_GEOCODER cannot be used: {error}.") from None

    @property
    def user_agent(self) -> str:
        """Who asks, for other people's servers: this software, where it runs, whom to write to."""
        contact = parseaddr(self.mail_from)[1]
        about = "; ".join(["+" + self.base_url, *([contact] if contact else [])])
        return f"civicmap ({about})"

    @property
    def sms_gateway(self) -> Gateway | None:
        """Where texts are handed over, if anywhere. Raises BadSetting."""
        if not self.sms_url:
            return None
        gateway = Gateway(self.sms_url, self.sms_token, self.sms_from)
        try:
            check_gateway(gateway)
        except ValueError as error:
            raise BadSetting(f"CIVICMAP_SMS_URL cannot be used: {error}.") from None
        return gateway

    @property
    def proxy_count(self) -> int:
        return whole_number("CIVICMAP_TRUSTED_PROXIES", self.trusted_proxies)

    @property
    def tile_host(self) -> str:
        """Origin of the tiles for the content security policy; `{s}` becomes a wildcard."""
        parts = urlsplit(self.tile_url.replace("{s}", "*"))
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def whole_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadSetting(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def environment_name(name: str) -> str:
    return "DATABASE_URL" if name == "database_url" else f"CIVICMAP_{name.upper()}"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises BadSetting on a missing database or a short secret."""
    given = {
        setting.name: environment[environment_name(setting.name)]
        for setting in fields(Settings)
        if environment_name(setting.name) in environment
    }
    settings = Settings(**given)
    if not settings.database_url:
        raise BadSetting(
            "DATABASE_URL is not set. bin/run starts a database of its own; otherwise give one: "
            "postgresql://user:password@host:port/name"
        )
    if settings.secret and len(settings.secret) < SHORTEST_SECRET:
        raise BadSetting(f"CIVICMAP_SECRET must be {SHORTEST_SECRET} characters or longer.")
    return settings


def read_secret(settings: Settings) -> str:
    """The signing key: the one given, or the one kept in the state folder (made on first use)."""
    if settings.secret:
        return settings.secret
    path = settings.state_folder / "secret"
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of several processes starting together exactly one makes the secret.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    secret = path.read_text().strip()
    if len(secret) < SHORTEST_SECRET:
        raise BadSetting(f"The secret in {path} is too short; remove the file to have a new one.")
    return secret


def describe_settings() -> str:
    """`docs/configuration.md`."""
    lines = [
        "# Configuration",
        "",
        "Generated from `civicmap/config.py` by `bin/civicmap settings`. All settings are",
        "environment variables; only `DATABASE_URL` is required, and `bin/run` sets that one too.",
        "",
        "| variable | default | what it is |",
        "|---|---|---|",
    ]
    for described in fields(Settings):
        default = "`var` in the checkout" if described.name == "state" else f"`{described.default}`"
        if not described.default:
            default = "(empty)"
        explanation = described.metadata["explanation"]
        lines.append(f"| `{environment_name(described.name)}` | {default} | {explanation} |")
    return "\n".join(lines) + "\n"
