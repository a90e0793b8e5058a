"""The demo mailbox: letters that were kept because there is no mail server to send them."""

from civicmap.web.mailbox import letters  # noqa: F401 - views register themselves on import
