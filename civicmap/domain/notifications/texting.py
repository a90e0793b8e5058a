"""How this installation sends texts to phones."""

from __future__ import annotations

from civicmap.foundation.bindings import Binding
from civicmap.foundation.texting import Gateway

# None: texts are kept, like letters without a mail server.
TEXTING: Binding[Gateway | None] = Binding("how texts are sent")
