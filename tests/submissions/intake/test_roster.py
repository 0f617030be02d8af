"""The roster: columns in the words of the services, any separator and encoding, and nothing guessed."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.submissions.intake.handin import Who
from grader.submissions.intake.roster import name_key, read_roster
from grader.submissions.misplaced import squeezed


def found(text, *keys, encoding="utf-8"):
    return read_roster(text.encode(encoding), "r.csv").student(Who("x", "x", tuple((key,) for key in keys)))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(
    "heading",
    [
        "student,name",
        "Login,Full Name",
        "SIS Login ID,Student name",
        "Benutzername,Vollständiger Name",
        "Identifiant,Nom",
    ],
)
def test_headings_separators_and_encodings(heading, separator, encoding):
    text = f"{heading}\njm,Jürgen Müller\n".replace(",", separator)
    assert found(text, ("name", name_key("MÜLLER, Jürgen")), encoding=encoding) == ("jm", "")


def test_who_has_another_id_by_now_is_found_by_both():
    """The column student has the name of her folder, which is the earlier id; another student who has that by now decides nothing."""
    text = "student,number,email\n1001,2001,new@uni.example\nold@uni.example,2002,b@uni.example\n"
    assert found(text, ("number", "2001")) == found(text, ("number", "1001")) == ("1001", "")
    assert found(text, ("email", "old@uni.example")) == ("old@uni.example", "")
    student, why = found(text + "x,1001,c@uni.example\n", ("number", "1001"))
    assert (student, "may be 1001 or x" in why) == ("", True)


def test_a_name_in_two_columns_is_one():
    text = "Vorname;Nachname;Matrikelnummer\nAnna;de la Cruz;17\n"
    assert found(text, ("squeezed", squeezed("de la Cruz, Anna"))) == ("17", "")
    assert found(text, ("number", "17")) == ("17", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("student,name\n", "has no student in it"),
        ("colour,size\nred,1\n", "no column says who a student is (its headings are 'colour', 'size')"),
        ("student,name\na,Anna\na,Bo\n", "lines 2 and 3 are both of 'a', and differ; keep one of them"),
        ("student\na/b\n", "line 2: 'a/b' cannot be the name of a folder; correct it there"),
        ('student,name\n"a,Anna\n', "is not a CSV file that can be read"),
    ],
)
def test_a_roster_that_says_nothing_or_two_things_is_refused_in_one_sentence(text, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        read_roster(text.encode(), "r.csv")


def test_a_row_that_stands_twice_is_one_student():
    assert read_roster(b"student,name\na,Anna\na,Anna\n", "r.csv").students == ("a",)


def test_stronger_knowledge_decides_and_what_disagrees_is_doubtful():
    text = "login,email,name\na,a@x,Anna\nb,b@x,Anna\n"
    roster = read_roster(text.encode(), "r.csv")
    anna = (("name", "anna"),)
    assert roster.student(Who("", "", ((("email", "b@x"),), anna))) == ("b", "")
    assert roster.student(Who("", "", ((("email", "c@x"),), anna)))[0] == ""
    assert "may be a or b" in roster.student(Who("", "", ((("login", "a"), ("email", "b@x")),)))[1]
    assert roster.student(Who("", "", ((("login", "z"),),))) == ("", "is not in the roster")


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_a_roster_or_refused(data):
    with suppress(UsageError):
        assert read_roster(data, "r.csv").students


@given(st.lists(st.text("abcü -", min_size=1).filter(str.strip), min_size=1, max_size=3))
def test_a_names_words_are_the_same_in_any_order(words):
    assert name_key(" ".join(words)) == name_key(", ".join(reversed(words)).upper())
