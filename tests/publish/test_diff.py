"""What changed between two versions of a text."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.diff import Piece, changed_lines

texts = st.lists(st.text("路桥堤123 ab", max_size=12).filter(bool), max_size=6)


def wording(lines, without):
    return "".join(x.text for line in lines for x in line if x.mark != without)


def test_nothing_changed_is_no_line():
    """Paragraphs that stay are not shown."""
    assert () == changed_lines(["甲", "乙"], ["甲", "乙"])


def test_a_changed_number_changes_as_a_whole():
    """Readers must see 18 beside 81, not a 1 that moved."""
    (line,) = changed_lines(["早到的路", "投资18万元修路"], ["早到的路", "投资81万元修路"])
    assert (
        Piece(mark="same", text="投资"),
        Piece(mark="del", text="18"),
        Piece(mark="ins", text="81"),
        Piece(mark="same", text="万元修路"),
    ) == line


def test_paragraphs_come_and_go_as_a_whole():
    """What has little in common with what stood there is no version of it."""
    assert (
        (Piece(mark="del", text="明天下雨。"),),
        (Piece(mark="ins", text="路修好了，桥也通了。"),),
        (Piece(mark="ins", text="新的一段"),),
    ) == changed_lines(["甲", "明天下雨。"], ["甲", "路修好了，桥也通了。", "新的一段"])


@given(texts, texts)
def test_both_wordings_can_be_read_out_of_it(old, new):
    """Without insertions it is the old text of these paragraphs, without deletions the new."""
    lines = changed_lines(old, new)
    stay = [x for x in old if x in new]
    before, after = wording(lines, "ins"), wording(lines, "del")
    assert len("".join(old)) - len(before) == len("".join(new)) - len(after)
    if not stay:
        assert ("".join(old), "".join(new)) == (before, after)


def test_long_texts_are_compared_in_bounded_time():
    """Whole passages are swapped where looking closer would take minutes."""
    old, new = ["甲乙" * 200_000], ["乙甲" * 200_000]
    assert ((Piece(mark="del", text=old[0]),), (Piece(mark="ins", text=new[0]),)) == changed_lines(
        old, new
    )
    many = [f"第{n}段。" for n in range(1100)]
    assert len(changed_lines(many, ["头", *many, "尾"])) > 1100


def test_one_new_paragraph_in_a_long_text_is_one_line():
    """What is the same in front and behind is put aside first."""
    many = [f"第{n}段。" for n in range(3000)]
    assert ((Piece(mark="ins", text="新"),),) == changed_lines(many, [*many[:7], "新", *many[7:]])
    assert () == changed_lines(["甲"] * 2000, ["甲"] * 2000)
