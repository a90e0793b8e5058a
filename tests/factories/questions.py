"""Questions a department might ask: the smell stops the form, the depth is nobody's secret."""

from __future__ import annotations

from civicmap.domain.categories.questions import Option, Question, Stop

GAS_LINE = Stop({"en": "Leave the house.", "ru": "Выйдите из дома."}, {"PL": "992", "other": "112"})
SMELL = Question(
    code="smell",
    kind="single",
    names={"en": "Do you smell gas?", "ru": "Пахнет газом?"},
    required=True,
    options=(
        Option("yes", {"en": "Yes, gas", "ru": "Да, газ"}, GAS_LINE),
        Option("no", {"en": "No gas", "ru": "Нет"}),
    ),
)
DEPTH = Question(code="depth", kind="number", names={"en": "How deep is it?"}, public=True, most=50)
NEAR = Question(code="near", kind="text", names={"en": "What is near?"}, longest=60)
SEEN = Question(
    code="seen",
    kind="multiple",
    names={"en": "What do you see?"},
    public=True,
    options=(Option("water", {"en": "Water"}), Option("wires", {"en": "Wires"})),
)
