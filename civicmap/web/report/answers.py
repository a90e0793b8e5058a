"""What a person has answered so far: read from the form, checked, given back corrected.

Every text is kept as it was typed until it is checked, so that no fault loses it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from civicmap.domain.accounts.tokens import hash_token
from civicmap.domain.categories.questions import FIELD_PREFIX
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.queries import find_unadopted
from civicmap.domain.reports.answers import Stopped
from civicmap.domain.reports.examination import (
    CheckedReport,
    NewReport,
    OutsideCity,
    examine_report,
)
from civicmap.extensions import db
from civicmap.foundation.errors import CivicmapError, InvalidInput
from civicmap.foundation.geo import Point, parse_position_text
from civicmap.foundation.locales import N_, current_language, gettext
from civicmap.foundation.plain_text import UncleanText
from civicmap.web.report.given import given_fields, read_given
from civicmap.web.shared.forms import read_key
from civicmap.web.shared.photo_intake import photo_limit

# How the place was found, as the form says it, and as the report keeps it.
PLACED_BY = {"pin": "pin", "device": "device", "photo": "photo", "typed": "typed"}
IN_WORDS = "words"
SHORTEST_KEY = 16
_POSITION = re.compile(r"-?[0-9]{1,2}\.[0-9]{6}, -?[0-9]{1,3}\.[0-9]{6}", re.ASCII)
_METRES = re.compile(r"[0-9]{1,6}", re.ASCII)
# Point names its own two fields; the form has one for both.
_FIELDS = {"latitude": "position", "longitude": "position", "idempotency_key": ""}


@dataclass(frozen=True)
class Answers:
    """The fields of the form by name. `place_by`: pin, device, photo (where the photo says it was
    taken), typed, words (the district and the address count, not the position), or "" when no
    script filled it in. `warned`: the category whose page "call first" the person has seen;
    `asked`: the one whose questions they have seen; `given`: the answers by the question's code.
    `found`: where an address told in words was found and the person agreed, as "lat, lon"."""

    place_by: str = ""
    position: str = ""
    accuracy: str = ""
    area: str = ""
    address: str = ""
    category: str = ""
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: str = ""
    words: str = ""
    photos: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    phone: str = ""
    idempotency_key: str = ""
    is_another: bool = False
    warned: str = ""
    found: str = ""

    @property
    def kept_key(self) -> str | None:
        """The idempotency key as the report keeps it.

        Of one kind of problem only: a draft that stayed behind when the answer was lost may become
        another report, which must not vanish behind the first. And marked, so that no form can name
        a report that no form sent (the demo's keys can be guessed, and a key gives the secret).
        """
        if len(self.idempotency_key) < SHORTEST_KEY:
            return self.idempotency_key or None  # `send_report` refuses it
        return f"web_{hash_token(f'{self.idempotency_key} {self.category}')[:40]}"


@dataclass(frozen=True)
class Examined:
    """The answers with unwanted characters gone; `checked` if they can be sent, else `errors`, a
    sentence a field. `nearest`: the city that the place is in or close to, if it is not this one;
    `stopped`: this is for the phone, not for the form.
    """

    answers: Answers
    checked: CheckedReport | None
    errors: dict[str, str] = field(default_factory=dict)
    nearest: City | None = None
    stopped: Stopped | None = None

    def with_error(self, name: str, sentence: str) -> Examined:
        """The same with one more error, and so not to be sent."""
        return replace(self, checked=None, errors={**self.errors, name: sentence})


def new_idempotency_key() -> str:
    return secrets.token_urlsafe(24)


def read_answers(form: MultiDict[str, str]) -> Answers:
    """The answers of a form or an address, as typed; machine-made fields only if they are sound."""
    place_by = form.get("place_by", "")
    if place_by == "photo" and form.get("photo_position", "") not in ("", form.get("position")):
        place_by = ""  # corrected by hand: it is the person's word now
    return Answers(
        place_by=place_by if place_by in {*PLACED_BY, IN_WORDS} else "",
        position=form.get("position", ""),
        accuracy=accuracy if _METRES.fullmatch(accuracy := form.get("accuracy", "")) else "",
        area=read_key(form.get("area")),
        address=form.get("address", ""),
        category=read_key(form.get("category")),
        given=read_given(form),
        asked=read_key(form.get("asked")),
        words=form.get("words", ""),
        photos=_photos(form.getlist("photos"), form.getlist("without_photo")),
        name=form.get("name", ""),
        email=form.get("email", ""),
        phone=form.get("phone", ""),
        idempotency_key=read_key(form.get("idempotency_key")),
        is_another=form.get("is_another") == "yes",
        warned=read_key(form.get("warned")),
        found=_found(form),
    )


def _found(form: MultiDict[str, str]) -> str:
    """The place that the page to check showed for the address, if it is still this address."""
    told = f"{form.get('area', '')} {form.get('address', '')}"
    found = form.get("found", "")
    return found if _POSITION.fullmatch(found) and form.get("found_for") == told else ""


def read_beginning(arguments: MultiDict[str, str]) -> Answers:
    """What an address may fill in before anybody has typed: the place and the category.

    Never the idempotency key: whoever made the link would know it, and with it get the reporter's
    own link. Never contact: addresses end in histories and logs.
    """
    return Answers(
        position=arguments.get("position", ""), category=read_key(arguments.get("category"))
    )


def _photos(given: Iterable[str], unwanted: Iterable[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(read_key(key) for key in given)
    return tuple(key for key in kept if key and key not in set(unwanted))


def read_point(answers: Answers) -> Point | None:
    """The position that was typed or set on the map; where the place is told in words, what was
    found for them, or None.

    Raises InvalidInput.
    """
    if answers.place_by == IN_WORDS or not answers.position.strip():
        return parse_position_text(answers.found) if answers.found else None
    return parse_position_text(answers.position)


def examine(city: City, answers: Answers) -> Examined:
    """Check everything at once."""
    faults: list[CivicmapError] = []
    point = None
    try:
        point = read_point(answers)
    except InvalidInput as unreadable:
        faults.append(unreadable)
    photos = answers.photos
    if len(photos) > photo_limit():
        faults.append(_too_many_photos())
        photos = photos[: photo_limit()]
    checked, more = examine_report(
        db.session, city=city, report=_new_report(replace(answers, photos=photos), point)
    )
    errors: dict[str, str] = {}
    cleaned: dict[str, str] = {}
    given = dict(answers.given)
    nearest = stopped = None
    for fault in [*faults, *more]:
        name = field_of(fault)
        # An unreadable position is the fault, not that without it there is no place.
        errors.setdefault(name, str(fault))
        if isinstance(fault, UncleanText):
            if name.startswith(FIELD_PREFIX):
                given[name.removeprefix(FIELD_PREFIX)] = (fault.cleaned,)
            else:
                cleaned[name] = fault.cleaned
        if isinstance(fault, Stopped):
            stopped = stopped or fault
        if isinstance(fault, OutsideCity):
            nearest = fault.nearest
    if "photos" in errors:
        photos = tuple(key for key in photos if key in find_unadopted(db.session, photos))
    return Examined(
        answers=replace(answers, photos=photos, given=given, **cleaned),  # type: ignore[arg-type]
        checked=None if errors else checked,
        errors={name: errors[name] for name in sorted(errors, key=_order)},
        nearest=nearest if nearest and nearest.id != city.id else None,
        stopped=stopped,
    )


def field_of(fault: CivicmapError) -> str:
    """The form's field that a fault belongs to; "" for the form as a whole."""
    return _FIELDS.get(fault.field or "", fault.field or "")


def _order(name: str) -> int:
    names = [*Answers.__dataclass_fields__]
    if name.startswith(FIELD_PREFIX):
        name = "given"
    return names.index(name) if name in names else -1


def _too_many_photos() -> InvalidInput:
    return InvalidInput(
        N_("At most %(limit)s photos can be taken."), field="photos", limit=photo_limit()
    )


def new_report(answers: Answers) -> NewReport:
    """What `send_report` takes. Raises InvalidInput for a position that cannot be read."""
    return _new_report(answers, read_point(answers))


def _new_report(answers: Answers, point: Point | None) -> NewReport:
    return NewReport(
        category=answers.category,
        words=answers.words,
        language=current_language(),
        point=point,
        placed_by=PLACED_BY.get(answers.place_by, "typed"),
        accuracy_metres=int(answers.accuracy) if answers.accuracy else None,
        area=answers.area,
        address=answers.address,
        photos=answers.photos,
        answers=answers.given,
        name=answers.name,
        email=answers.email,
        phone=answers.phone,
        idempotency_key=answers.kept_key,
    )


def hidden_fields(answers: Answers) -> list[tuple[str, str]]:
    """All answers as names and values, for a page that carries them on."""
    pairs: Mapping[str, str] = {
        "place_by": answers.place_by,
        "position": answers.position,
        "accuracy": answers.accuracy,
        "area": answers.area,
        "address": answers.address,
        "category": answers.category,
        "asked": answers.asked,
        "words": answers.words,
        "name": answers.name,
        "email": answers.email,
        "phone": answers.phone,
        "idempotency_key": answers.idempotency_key,
        "is_another": "yes" if answers.is_another else "",
        "warned": answers.warned,
    }
    return [
        *((name, value) for name, value in pairs.items() if value),
        *(("photos", key) for key in answers.photos),
        *given_fields(answers.given),
    ]


def expired_sentence() -> str:
    return gettext("The form had been open for long. Nothing is lost: check it and go on.")
