from civicmap.foundation.plain_text import quotable


def test_what_is_quoted_cannot_spoil_the_sentence_around_it() -> None:
    assert quotable("12\u00a0345\x00\u202e\n!") == "12345!"
    assert quotable("a" * 40) == "a" * 40
    assert quotable("a" * 41) == "a" * 40 + "…"
    assert quotable("abc", 2) == "ab…"
