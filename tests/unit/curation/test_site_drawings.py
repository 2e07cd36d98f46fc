"""The drawings of the site: which residues stand where, and that nothing is drawn over anything else."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from resistab.core.condition import mentions
from resistab.curation.kit.site.chain import NODE_WIDTH, ChainNode, draw_chain
from resistab.curation.kit.site.mentions import linked
from resistab.curation.kit.site.model import Link
from resistab.curation.kit.site.mutation_table import GUTTER, WIDTH, Lane, MutationTable, Place, PlaceMark, draw_table
from resistab.curation.kit.site.names import SiteNames, safe_name
from resistab.domains.oncology.curate.site.places import Drawn, drawn
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.virus.grammar.conditions import parse_residue_condition

# --- names --------------------------------------------------------------------------------------------------


def test_a_name_holds_nothing_that_a_file_system_minds() -> None:
    assert safe_name("DRV/r") == "DRV-r"
    assert safe_name("PMID:24893891") == "PMID-24893891"
    assert safe_name("TP53 R213*") == "TP53-R213Ter"
    assert safe_name("../../etc") == "etc"
    assert safe_name("  ") == "x"
    assert safe_name("con") == "x-con"


def test_names_differ_in_more_than_their_capitals() -> None:
    names = SiteNames(["ATV/r", "ATV-R", "atv_r"])
    assert sorted(names[text].casefold() for text in ("ATV/r", "ATV-R", "atv_r")) == ["atv-r", "atv-r-2", "atv-r-3"]


@given(st.lists(st.text(max_size=20), max_size=12))
def test_names_do_not_depend_on_the_order_and_are_never_the_same(texts: list[str]) -> None:
    names = SiteNames(texts)
    again = SiteNames(reversed(texts))
    assert {text: names[text] for text in texts} == {text: again[text] for text in texts}
    assert len({names[text].casefold() for text in texts}) == len(set(texts))


# --- what a condition names ---------------------------------------------------------------------------------


def named(text: str) -> list[tuple[str, bool]]:
    return [(mention.atom.text, mention.combined) for mention in mentions(parse_condition(text))]


def test_what_a_condition_denies_is_not_among_what_it_names() -> None:
    assert named("EGFR exon 20 insertion and not EGFR A763_Y764insFQEA") == [("EGFR exon 20 insertion", True)]
    assert named("none of (EGFR T790M, EGFR C797S)") == []


def test_what_holds_only_with_others_is_told_apart() -> None:
    assert named("EGFR L858R or EGFR T790M") == [("EGFR L858R", False), ("EGFR T790M", False)]
    assert named("EGFR L858R and EGFR T790M") == [("EGFR L858R", True), ("EGFR T790M", True)]
    assert [combined for _, combined in named("at least 1 of (EGFR L858R, EGFR T790M)")] == [False, False]
    assert [combined for _, combined in named("at least 2 of (EGFR L858R, EGFR T790M)")] == [True, True]
    assert named("at most 1 of (EGFR L858R, EGFR T790M)") == []


def test_two_changes_of_one_copy_are_each_named() -> None:
    assert [text for text, _ in named("EGFR T790M in cis with EGFR C797S")] == [
        "EGFR T790M in cis with EGFR C797S",
        "EGFR T790M",
        "EGFR C797S",
    ]


def place(text: str) -> Drawn | None:
    (mention,) = mentions(parse_condition(text))
    return drawn(mention.atom)


def test_a_change_stands_at_its_position_under_the_reference() -> None:
    assert place("EGFR T790M") == Drawn(790, 790, "790", "T", ("M",))
    assert place("ABL1 T315A/I") == Drawn(315, 315, "315", "T", ("A", "I"))
    assert place("any substitution at EGFR G719 except A") == Drawn(719, 719, "719", "G", ("any but A",))
    assert place("EGFR E746_A750del") == Drawn(746, 750, "746–750", "E–A", ("del",))
    assert place("EGFR A763_Y764insFQEA") == Drawn(763, 764, "763_764", "A_Y", ("insFQEA",))
    assert place("TP53 R213*") == Drawn(213, 213, "213", "R", ("*",))
    assert place("PDGFRA residues 842-847 deletion") == Drawn(842, 847, "842–847", "·", ("del",))


def test_what_has_no_place_on_the_protein_is_not_drawn() -> None:
    for text in ("MET amplification", "FBXW7 mutation", "BCR::ABL1", "conclusion ras-activated", "EGFR wild type"):
        assert place(text) is None


def test_each_part_of_a_condition_leads_to_its_own_address() -> None:
    pieces = linked(
        parse_condition("EGFR L858R and none of (EGFR T790M, MET amplification)"),
        lambda atom: "" if atom.text == "MET amplification" else f"#{atom.text}",
    )
    assert pieces == (
        Link("EGFR L858R", "#EGFR L858R"),
        Link(" and none of ("),
        Link("EGFR T790M", "#EGFR T790M"),
        Link(", MET amplification)"),
    )


def test_a_position_within_a_longer_number_is_not_taken() -> None:
    pieces = linked(parse_residue_condition("184V and 84V"), lambda atom: f"#{atom.text}")
    assert pieces == (Link("184V", "#184V"), Link(" and "), Link("84V", "#84V"))


def test_a_part_without_an_address_is_passed_over() -> None:
    condition = parse_residue_condition("184V and 84V")
    pieces = linked(condition, lambda atom: "#84V" if atom.text == "84V" else "")
    assert pieces == (Link("184V and "), Link("84V", "#84V"))


# --- the mutation table -------------------------------------------------------------------------------------

LANES = (Lane("resistance", "resistant"), Lane("response marker", "sensitive"))


def at(position: int, *marks: tuple[int, str], last: int | None = None) -> Place:
    label = str(position) if last is None else f"{position}–{last}"
    drawn_marks = tuple(PlaceMark(lane, text, f"#{position}{text}", text) for lane, text in marks)
    return Place(position, last or position, label, "T", f"#{position}", drawn_marks)


def boxes(table: MutationTable) -> list[tuple[float, float, float]]:
    return [(box.x, box.y, box.width) for band in table.bands for column in band.columns for box in column.boxes]


def test_positions_stand_in_order_and_residues_in_their_lane() -> None:
    table = draw_table([at(858, (1, "R")), at(790, (0, "M"), (1, "M"))], LANES, 1210)
    assert table is not None
    (band,) = table.bands
    assert [column.place.first for column in band.columns] == [790, 858]
    resistance, marker = band.lanes
    assert (resistance.lane.name, marker.lane.name) == ("resistance", "response marker")
    threonine, leucine = band.columns
    assert resistance.y < threonine.boxes[0].y < marker.y < threonine.boxes[1].y
    assert [box.style for box in threonine.boxes] == ["resistant", "sensitive"]
    assert leucine.boxes[0].y == threonine.boxes[1].y


def test_the_part_of_the_gene_that_is_drawn_ends_with_the_gene() -> None:
    table = draw_table([at(3, (0, "I")), at(95, (0, "F"))], LANES, 99)
    assert table is not None
    assert [(band.first, band.last) for band in table.bands] == [(1, 99)]


def test_a_position_beyond_the_known_length_is_drawn() -> None:
    table = draw_table([at(120, (0, "I"))], LANES, 99)
    assert table is not None
    assert table.bands[0].last == 120


def test_a_lane_without_residues_is_left_out() -> None:
    table = draw_table([at(790, (1, "M"))], LANES, None)
    assert table is not None
    assert [drawn_lane.lane.name for drawn_lane in table.bands[0].lanes] == ["response marker"]


def test_without_a_position_there_is_nothing_to_draw() -> None:
    assert draw_table([], LANES, 1210) is None
    assert draw_table([at(790)], LANES, 1210) is None


PLACES = st.lists(
    st.builds(
        lambda first, length, texts: at(first, *texts, last=first + length if length else None),
        st.integers(1, 900),
        st.sampled_from([0, 0, 0, 4, 60]),
        st.lists(st.tuples(st.integers(0, 1), st.text("ACDEF", min_size=1, max_size=9)), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=45,
    unique_by=lambda place: (place.first, place.last),
)


@given(PLACES)
def test_no_residue_covers_another_and_none_leaves_the_drawing(places: list[Place]) -> None:
    table = draw_table(places, LANES, 1000)
    assert table is not None
    assert sum(len(band.columns) for band in table.bands) == len(places)
    for x, y, width in boxes(table):
        assert x >= GUTTER
        assert x + width <= WIDTH
        assert 0 < y < table.height
    for (x1, y1, width1), (x2, y2, width2) in itertools.combinations(boxes(table), 2):
        apart = x1 + width1 < x2 or x2 + width2 < x1 or abs(y1 - y2) >= 17
        assert apart


@given(PLACES)
def test_no_two_lines_from_positions_to_the_gene_cross(places: list[Place]) -> None:
    table = draw_table(places, LANES, 1000)
    assert table is not None
    for band in table.bands:
        assert [column.tick for column in band.columns] == sorted(column.tick for column in band.columns)
        assert [column.x for column in band.columns] == sorted(column.x for column in band.columns)


# --- the chain ----------------------------------------------------------------------------------------------


def node(name: str) -> ChainNode:
    return ChainNode(name, "conclusion", name, f"#{name}", name)


def test_what_follows_stands_to_the_right() -> None:
    chain = draw_chain(map(node, ["rule", "ras", "map", "drug"]), [("rule", "ras"), ("ras", "map"), ("map", "drug")])
    x = {drawn_node.node.id: drawn_node.x for drawn_node in chain.nodes}
    assert x["rule"] < x["ras"] < x["map"] < x["drug"]
    assert len(chain.edges) == 3
    assert x["drug"] + NODE_WIDTH <= chain.width


def test_a_rule_stands_right_before_its_conclusion() -> None:
    chain = draw_chain(map(node, ("a", "b", "rule", "this")), [("a", "b"), ("b", "this"), ("rule", "this")])
    x = {drawn_node.node.id: drawn_node.x for drawn_node in chain.nodes}
    assert x["rule"] == x["b"]


def test_a_circle_of_conclusions_is_drawn_without_closing_it() -> None:
    chain = draw_chain(map(node, ("a", "b", "c")), [("a", "b"), ("b", "c"), ("c", "a")])
    assert len(chain.nodes) == 3
    assert len(chain.edges) == 2


def test_a_long_name_is_cut_in_its_box_and_whole_in_its_title() -> None:
    long = "a very long name of a conclusion " * 6
    (drawn_node,) = draw_chain([ChainNode("a", "rule", long, "#a", long)], []).nodes
    assert len(drawn_node.lines) == 3
    assert drawn_node.lines[-1][1].endswith("…")
    assert drawn_node.node.title == long


@given(st.sets(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=16))
def test_lines_run_left_to_right_and_no_box_covers_another(edges: set[tuple[str, str]]) -> None:
    chain = draw_chain(map(node, "abcdefgh"), edges)
    assert len(chain.nodes) == 8
    for first, second in itertools.combinations(chain.nodes, 2):
        assert first.x != second.x or first.y + first.height < second.y or second.y + second.height < first.y
    for edge in chain.edges:
        start, *_, end = (float(point.split()[0]) for point in edge.path[1:].replace("C", " ").split(" ")[::2])
        assert start < end
