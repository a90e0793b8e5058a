"""What somebody typed into one of the forms of a report, kept whatever happens to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request

from civicmap.domain.media.actions import KEY
from civicmap.domain.media.queries import find_unadopted
from civicmap.extensions import db
from civicmap.foundation.errors import CivicmapError
from civicmap.web.shared.forms import read_key, read_version
from civicmap.web.shared.photo_intake import photo_limit, take_photos

# Form → its fields. On the page and in the request a field is named `<form>_<field>`, so that the
# forms of one page share no ids. Photos are named as in `shared/macros/photo_upload.html`.
TYPED = {
    "status": ("words",),
    "update": ("words",),
    "ask": ("words",),
    "note": ("words",),
    "transfer": ("words",),
    "place": ("position", "address"),
    "approve": (),
    "redact": ("text", "address", "words"),
    "leave_out": ("words",),
    "photo": ("words",),
    "visibility": ("words",),
}
CHOSEN = {
    "status": ("to", "reason"),
    "transfer": ("department",),
    "redact": ("reason",),
    "leave_out": ("event", "to", "reason"),
    "photo": ("key", "to", "reason"),
    "visibility": ("to", "reason"),
}
TAKES_PHOTOS = ("status", "update")


@dataclass
class Draft:
    """One form of a report's page. `version` is that of the report it was written for; `photos`
    are keys of uploads that wait to be adopted, `left_out` codes of questions whose answers
    everybody shall no longer read."""

    form: str
    version: int = 0
    values: dict[str, str] = field(default_factory=dict)
    photos: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def blame(self, error: CivicmapError) -> None:
        """Note an error at the field it belongs to, in the reader's language."""
        name = error.field or ""
        name = {
            "latitude": "position",
            "longitude": "position",
            "status": "to",
            "photo": "key",
        }.get(name, name)
        known = (*TYPED[self.form], *CHOSEN.get(self.form, ()), "photos")
        self.errors[f"{self.form}_{name}" if name in known else ""] = str(error)


def read_draft(form: str) -> Draft:
    """The draft in this request. Machine-made values are taken as such or not at all."""
    sent = request.form
    values = {name: sent.get(f"{form}_{name}", "") for name in TYPED[form]}
    values |= {name: read_key(sent.get(f"{form}_{name}")) for name in CHOSEN.get(form, ())}
    draft = Draft(form, version=read_version(sent.get("version")), values=values)
    if form == "redact":
        draft.left_out = [
            code for given in sent.getlist("redact_answers") if (code := read_key(given))
        ]
    if form in TAKES_PHOTOS:
        dropped = set(sent.getlist("without_photo"))
        keys = [key for key in dict.fromkeys(sent.getlist("photos")) if KEY.fullmatch(key)]
        waiting = set(find_unadopted(db.session, keys)) if keys else set()
        draft.photos = [key for key in keys if key in waiting and key not in dropped]
    return draft


def take_photos_of(draft: Draft) -> None:
    """Keep the photos that came with the form itself; those that are refused are named."""
    if draft.form not in TAKES_PHOTOS:
        return
    intake = take_photos(there=len(draft.photos), limit=photo_limit())
    draft.photos += intake.keys
    if intake.refusal:
        draft.errors[f"{draft.form}_photos"] = intake.refusal
