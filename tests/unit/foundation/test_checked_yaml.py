import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml.nodes import Node

from civicmap.foundation.checked_yaml import Checker, YamlFaults, compose

BOMB = "a: &a [x, x]\n" + "\n".join(f"{c}: &{c} [*{p}, *{p}]" for p, c in zip("abcdefg", "bcdefgh"))  # noqa: B905


def only_value(text: str) -> tuple[Checker, Node]:
    checker = Checker()
    (_, _, value) = checker.entries(compose(text.encode()))[0]
    return checker, value


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file is empty"),
        (b"a: 1\nb: [1, 2\nc: 3\n", 3, "not YAML"),
        (b"a: 1\n\tb: 2\n", 2, "not YAML"),
        (b"a: 1\n---\nb: 2\n", 2, "not YAML"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        (b"a: 1\nb: x\x00y\n", 2, "a character that text does not hold (code 0)"),
        (b"a: &x 1\n", 1, "anchors and aliases"),
        (b"a: 1\nb: *x\n", 2, "anchors and aliases"),
        (BOMB.encode(), 1, "anchors and aliases"),
        (b"[" * 100_000, 1, "nested too deeply"),
        (b"a: " + b"x" * 2_200_000, 1, "larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_with_its_line(
    content: bytes, line: int, words: str
) -> None:
    with pytest.raises(YamlFaults) as refused:
        compose(content)
    (fault,) = refused.value.faults
    assert fault.line == line
    assert words in fault.message
    assert f"Line {line}: " in str(refused.value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("no", "YAML reads “no” as true or false. Put it in quotes"),
        ("Yes", "YAML reads “Yes” as true or false"),
        ("12", "YAML does not read “12” as a text. Put it in quotes."),
        ("1:30", "does not read “1:30” as a text"),
        ("2024-01-01", "Put it in quotes"),
        ("~", "there is nothing"),
        ("", "there is nothing"),
        ("''", "the text is empty"),
        ("[a]", "should be a text"),
        ("{a: b}", "should be a text"),
        ("!!python/name:os.system x", "Put it in quotes"),
        ('"a\\u202eb"', "cannot be seen"),
        ("x" * 201, "longer than 200"),
    ],
)
def test_what_yaml_does_not_read_as_a_text_is_told(value: str, words: str) -> None:
    checker, node = only_value(f"a: {value}")
    assert checker.text(node) is None
    assert words in checker.faults[0].message


@pytest.mark.parametrize(
    "value", ["-1", "010", "1_0", "0x1F", "1:30", "5.0", "1e3", "many", "''", "[1]", "101"]
)
def test_a_number_is_plain_digits_within_its_limits(value: str) -> None:
    checker, node = only_value(f"a: {value}")
    assert checker.whole_number(node, least=0, most=100, unit="metres") is None
    assert "whole number of metres from 0 to 100" in checker.faults[0].message


def test_plain_values_are_read() -> None:
    checker = Checker()
    fields = checker.fields(
        compose(b"a: 'no'\nb: 100\nc: true\nd: urgent\ne: [x, y]\n"), required=list("abcde")
    )
    assert checker.text(fields["a"]) == "no"
    assert checker.whole_number(fields["b"], least=0, most=100, unit="m") == 100
    assert checker.true_or_false(fields["c"]) is True
    assert checker.choice(fields["d"], ["normal", "urgent"]) == "urgent"
    assert [checker.text(item) for item in checker.items(fields["e"])] == ["x", "y"]
    checker.raise_faults()


@pytest.mark.parametrize("value", ["yes", "on", "True", "1", "'true'", "[]"])
def test_true_and_false_are_spelt_out(value: str) -> None:
    checker, node = only_value(f"a: {value}")
    assert checker.true_or_false(node) is None
    assert "should be true or false" in checker.faults[0].message


def test_unknown_missing_and_repeated_fields_are_all_told() -> None:
    checker = Checker()
    checker.fields(compose(b"name: a\nnmae: b\nname: c\nzzz: d\n"), required=["name", "icon"])
    assert [str(fault) for fault in sorted(checker.faults)] == [
        "Line 1: “icon” is missing.",
        "Line 2: there is no field “nmae”; did you mean “name”?",
        "Line 3: “name” is given twice; the first is in line 1.",
        "Line 4: there is no field “zzz”.",
    ]


@given(st.text(max_size=200) | st.text("ab:-[]{}\"'|>&*!%#?\n ,", max_size=60))
def test_no_text_makes_reading_fail_in_another_way(text: str) -> None:
    try:
        node = compose(text.encode("utf-8", "surrogatepass"))
    except YamlFaults as refused:
        assert refused.faults
        return
    checker = Checker()
    for _, _, value in checker.entries(node):
        checker.text(value)
        checker.items(value)
