"""What happens to reports, for `civicmap.reactions`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportSent:
    report_id: int


@dataclass(frozen=True)
class StatusChanged:
    report_id: int
    event_id: int
    old: str
    new: str


@dataclass(frozen=True)
class PublicUpdatePosted:
    report_id: int
    event_id: int


@dataclass(frozen=True)
class VisibilityChanged:
    """`old` and `new`: public, held, hidden."""

    report_id: int
    event_id: int
    old: str
    new: str


@dataclass(frozen=True)
class ContentApproved:
    """Words and photos that waited are shown; the pin was shown before."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class ReportRedacted:
    """Staff changed what everybody reads of the reporter's words."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class WordsLeftOut:
    """Words that the reporter added later are left out for everybody."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class WordsShownAgain:
    """Words of the reporter's that were left out are shown again."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class PhotoHidden:
    """A photo of the reporter's is hidden from everybody."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class PhotoShown:
    """A hidden photo of the reporter's is shown again."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class ReportTransferred:
    report_id: int
    event_id: int


@dataclass(frozen=True)
class ReportEdited:
    """The reporter corrected the words or the photos."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class PhotosAdded:
    """The reporter added photos."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class ReportWithdrawn:
    """Published before the contact is erased, so that a last letter can be written. `stays`: for
    everyone, without its reporter."""

    report_id: int
    event_id: int
    stays: bool


@dataclass(frozen=True)
class QuestionAsked:
    """The department asks the reporter."""

    report_id: int
    event_id: int


@dataclass(frozen=True)
class QuestionAnswered:
    report_id: int
    event_id: int


@dataclass(frozen=True)
class ReportReopened:
    """By its reporter; `event_id` is the public event. `old`: the status before."""

    report_id: int
    event_id: int
    old: str
