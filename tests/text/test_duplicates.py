from temper.text.duplicates import duplicate_groups
from temper.text.similarity import trigram_vectors

TEXTS = [
    "Fingernails grow nearly four times faster than toenails.",
    "Fingernails grow four times faster than toenails.",
    "A lightning bolt is hotter than the surface of the sun.",
    "The town of Duko has green roofs.",
    "fingernails grow nearly four times faster than toenails.",
]


def test_near_duplicates_share_a_group_and_others_do_not():
    groups = duplicate_groups(TEXTS)
    assert groups[0] == groups[1] == groups[4]
    assert len({groups[0], groups[2], groups[3]}) == 3


def test_the_vectors_are_those_of_findings():
    from temper.text.duplicates import _trigrams  # pyright: ignore[reportPrivateUsage]

    sparse = _trigrams(TEXTS).toarray()
    dense = trigram_vectors(TEXTS)
    assert abs(sparse @ sparse.T - dense @ dense.T).max() < 1e-9


def test_no_texts_have_no_groups():
    assert len(duplicate_groups([])) == 0
