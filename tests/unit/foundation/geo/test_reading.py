import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point, parse_coordinate, parse_position, parse_position_text

POZNAN = Point(52.4083, 16.9336)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("52.4083", 52.4083),
        (" 16.93\n", 16.93),
        ("-73.92308231033165", -73.92308231033165),
        ("+7", 7.0),
        ("0", 0.0),
        ("52,41", 52.41),
        ("52.", 52.0),
    ],
)
def test_plain_degrees_are_read(text: str, value: float) -> None:
    assert parse_coordinate(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "nan", "NaN", "inf", "-Infinity", "1e309", "5e1", "5_2.3", "٥٢.٤", "５２",
        "52.41.2", "52,41,2", "1.000,5", "0x34", "fifty", "52°", "--5", "5 2", "52.4\x00",
        "1" * 5000,
        "5234.1",        "\u00a052", ".5", "52.4; DROP TABLE",
    ],
)  # fmt: skip
def test_anything_but_plain_ascii_degrees_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_coordinate(text, field="latitude")
    assert refusal.value.field == "latitude"
    assert len(str(refusal.value)) < 200
    assert "\x00" not in str(refusal.value)


@given(st.floats(min_value=-180, max_value=180).map(lambda number: f"{number:.12f}"))
def test_every_decimal_on_earth_is_read_as_python_reads_it(text: str) -> None:
    assert parse_coordinate(text) == float(text)


@given(st.text(max_size=60))
def test_no_text_makes_reading_fail_in_another_way(text: str) -> None:
    for read in (parse_coordinate, parse_position_text, lambda t: parse_position(t, "1")):
        try:
            read(text)
        except InvalidInput as refusal:
            assert str(refusal)


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        ("90.0001", "16", "latitude"),
        ("-91", "16", "latitude"),
        ("52", "180.5", "longitude"),
        ("abc", "16", "latitude"),
        ("52", "", "longitude"),
    ],
)
def test_a_refused_position_names_the_field_at_fault(
    latitude: str, longitude: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_position(latitude, longitude)
    assert refusal.value.field == field


def test_out_of_range_is_said_in_a_sentence_with_the_number_given() -> None:
    with pytest.raises(
        InvalidInput, match=r"Latitude must be between -90 and 90 degrees, not 95\.5"
    ):
        parse_position("95.5", "16.93")


@pytest.mark.parametrize(
    "text",
    [
        "52.4083, 16.9336",
        "52.4083,16.9336",
        "52.4083 16.9336",
        "52.4083\t16.9336",
        "52.4083;16.9336",
        "52,4083 16,9336",
        "52,4083; 16,9336",
        "52,4083, 16,9336",
        "(52.4083, 16.9336)",
        "52.4083° N, 16.9336° E",
        "52.4083°N 16.9336°E",
        "N52.4083 E16.9336",
        "N 52.4083° E 16.9336°",
        "e 16.9336, n 52.4083",
        "16.9336E 52.4083N",
        "geo:52.4083,16.9336",
        "geo:52.4083,16.9336;u=35",
        "  52.4083 ,  16.9336  ",
        "52.4083\u00a0\u202f16.9336",
    ],
)
def test_a_pasted_position_is_read_in_its_common_forms(text: str) -> None:
    assert parse_position_text(text) == POZNAN


@pytest.mark.parametrize(
    "text", ["52°24'30\"N 16°55'48\"E", "52° 24′ 30″ N, 16° 55′ 48″ E", "52°24.5'N, 16°55.8'E"]
)
def test_degrees_minutes_and_seconds_are_read(text: str) -> None:
    point = parse_position_text(text)
    assert point.latitude == pytest.approx(52 + 24.5 / 60)
    assert point.longitude == pytest.approx(16 + 55.8 / 60)


def test_south_and_west_are_negative() -> None:
    assert parse_position_text("33.45° S, 70.66° W") == Point(-33.45, -70.66)
    assert parse_position_text("\u221233.45, \u221270.66") == Point(-33.45, -70.66)


@pytest.mark.parametrize(
    "text",
    [
        "", "52.41", "52,41", "52,16", "52,41,16,93", "52.41, 16.93, 80", "52.41 N, 16.93 N",
        "N 52.41 N, 16.93", "-52.41 S, 16.93 E", "52°61'N 16°10'E", "52.5°10'N 16°E",
        "Stary Rynek 1", "nan, nan", "52.41, ١٦", "1e1, 5", "9" * 10_000, "52.41, 16.93\x00",
    ],
)  # fmt: skip
def test_an_ambiguous_or_impossible_pasted_position_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_position_text(text)
    assert refusal.value.field == "position"


def test_a_pasted_position_off_the_earth_names_the_coordinate() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_position_text("152.41, 16.93")
    assert refusal.value.field == "latitude"
