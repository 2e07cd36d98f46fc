"""The rulebase as a site: what a page must tell, that every link leads somewhere, and that nothing foreign is lost."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from resistab.core.faults import RulebaseError
from resistab.curation.site.build import site_files
from resistab.curation.site.folder import LIST, write_site
from resistab.curation.site.rendering import render_page
from resistab.curation.site.sources import SourceRules, load_rulesets
from resistab.domains.oncology.curate.site.pages import TumourPages
from resistab.files.output import OutputError
from tests.paths import SMALL, SMALL_VIRUS
from tests.running import RESISTAB
from tests.unit.curation.site_pages import Page, broken_links, parse_page, repeated_ids

PageOf = Callable[[str], Page]


def source(folder: Path) -> SourceRules:
    (found,) = load_rulesets(folder, None)
    return found


@pytest.fixture(scope="module")
def shipped() -> dict[str, str]:
    """The site of the shipped rule sets."""
    return dict(site_files(load_rulesets(None, None)))


@pytest.fixture(scope="module")
def page(shipped: dict[str, str]) -> PageOf:
    return lambda path: parse_page(shipped[path])


@pytest.fixture(scope="module")
def small_site() -> dict[str, str]:
    """The site of the two small rule sets."""
    return dict(site_files([source(SMALL), source(SMALL_VIRUS)]))


@pytest.fixture(scope="module")
def small_page(small_site: dict[str, str]) -> PageOf:
    return lambda path: parse_page(small_site[path])


# --- the whole site -----------------------------------------------------------------------------------------


def test_every_link_leads_to_a_page_and_an_anchor_on_it(shipped: dict[str, str]) -> None:
    assert broken_links(shipped) == []


def test_no_id_stands_twice_on_a_page(shipped: dict[str, str]) -> None:
    assert repeated_ids(shipped) == []


def test_the_small_rule_sets_have_no_broken_link_either(small_site: dict[str, str]) -> None:
    assert broken_links(small_site) == []
    assert repeated_ids(small_site) == []


def test_every_page_is_well_formed_and_can_be_reached(small_site: dict[str, str]) -> None:
    pages = {path: parse_page(text) for path, text in small_site.items() if path.endswith(".html")}
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        here = waiting.pop()
        for link in pages[here].links:
            path = link.href.partition("#")[0]
            target = os.path.normpath(Path(here).parent / path) if path else here
            if not path.startswith("https://") and target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(pages)


def test_nothing_is_asked_of_a_network(shipped: dict[str, str]) -> None:
    """Links out lead to papers; nothing else names an address elsewhere, and the pages forbid it besides."""
    for path, text in shipped.items():
        if path.endswith(".html"):
            assert "default-src 'none'" in text, path
            elements = re.findall(r'<[^<>]*(?:src|href)="(?:https?:)?//', text)
            assert all(element.startswith("<a ") for element in elements), path
    assert not re.search(r"@import|url\(|https?:", shipped["site.css"])
    assert not re.search(r"fetch|XMLHttp|innerHTML|https?:", shipped["search.js"])


def test_the_same_rules_in_any_order_give_the_same_files(small_site: dict[str, str]) -> None:
    again = dict(site_files([source(SMALL_VIRUS), source(SMALL)]))
    assert list(again.items()) == list(small_site.items())


def test_the_foot_of_each_page_names_version_date_and_digest(small_site: dict[str, str]) -> None:
    rules = source(SMALL).rulebase
    foot = f"{rules.manifest.name} {rules.manifest.version} of {rules.manifest.date}, digest sha256:{rules.digest}"
    for path in ("index.html", "all.html", f"{rules.manifest.ruleset}/drugs/osimertinib.html"):
        assert foot in parse_page(small_site[path]).text


def test_file_names_differ_without_regard_to_capitals(shipped: dict[str, str]) -> None:
    assert len({path.casefold() for path in shipped}) == len(shipped)
    assert all(re.fullmatch(r"[A-Za-z0-9./-]+", path) for path in shipped)


# --- tumours ------------------------------------------------------------------------------------------------


def marks(page: Page, style: str) -> list[str]:
    """The residues that the page's drawings show in a style, in the order of the page."""
    links = iter(page.links)
    found = []
    for tag, attributes in page.tags:
        if tag == "a":
            link = next(links)
            if attributes.get("class") == style:
                found.append(link.text)
    return found


def test_osimertinib_shows_c797s_as_resistance_t790m_as_marker(page: PageOf) -> None:
    osimertinib = page("oncology/drugs/osimertinib.html")
    assert {"S", "Q", "H"} <= set(marks(osimertinib, "resistant"))
    assert "M" in marks(osimertinib, "sensitive")
    assert osimertinib.link("T790") == "../genes/EGFR.html#EGFR-T790M"
    rows = [link.href for link in osimertinib.links if re.fullmatch(r"OSI-\d+", link.text)]
    assert rows
    assert all(href.startswith("#OSI-") for href in rows)


def test_a_row_is_shown_with_condition_score_and_evidence(small_page: PageOf) -> None:
    row = small_page("small/drugs/gefitinib.html").section("GEF-003 ✕", "GEF-004")
    assert "EGFR T790M" in row
    assert "In Non-Small Cell Lung Cancer (NSCLC) · mechanism: target alteration: gatekeeper" in row
    assert "Level B, supports" in row and "PMID 15728811" in row
    assert "T790M was found in NSCLC that had become resistant to gefitinib." in row
    assert "Created 2026-11-21, reviewed 2026-11-21, to be read again by 2028-11-" in row


def test_who_read_a_row_again_is_shown_beside_the_day(small_rulebase_copy) -> None:
    folder = small_rulebase_copy()
    table = folder / "tables" / "osimertinib.yaml"
    text = table.read_text(encoding="utf-8")
    reviewed = "    reviewed: 2026-11-21\n"
    table.write_text(text.replace(reviewed, f"{reviewed}    reviewers: [AB, 0000-0002-1825-0097]\n", 1), "utf-8")
    files = dict(site_files([source(folder)]))
    (path,) = [path for path in files if path.endswith("/osimertinib.html")]
    assert "reviewed 2026-11-21 by AB, 0000-0002-1825-0097, to be read again by " in files[path]


def test_a_row_says_when_it_is_due_and_how_old_its_evidence_is(small_page: PageOf) -> None:
    text = small_page("small/drugs/gefitinib.html").text
    assert "Newest evidence of 2005." in text
    assert "to be read again by 2028-11-" in text


def test_what_is_overdue_and_what_has_grown_old_is_listed() -> None:
    pages = {
        page.path: page.content["lines"]
        for page in TumourPages(source(SMALL).rulebase, datetime.date(2030, 1, 1)).pages()
        if page.template.endswith("/list.html.j2")
    }
    overdue = pages["small/overdue.html"]
    assert "GEF-001" in [line.link.text for line in overdue]
    assert [line.cells[2] for line in overdue] == sorted(line.cells[2] for line in overdue)
    assert "Gefitinib" in [line.link.text for line in pages["small/old-evidence.html"]]
    early = TumourPages(source(SMALL).rulebase, datetime.date(2026, 12, 1)).pages()
    assert next(page.content["lines"] for page in early if page.path == "small/overdue.html") == []


def test_rows_of_an_overlay_are_marked(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "overlay.yaml").write_text("name: Ours\nversion: 1.0.0\ndate: 2026-11-22\nover: small\n", "utf-8")
    row = source(SMALL).rulebase.table_by_drug["gefitinib"].rows[0].id
    text = (SMALL / "tables" / "gefitinib.yaml").read_text("utf-8")
    first = text[text.index("  - id:") : text.index("  - id:", text.index("  - id:") + 1)]
    table = f"drug: gefitinib\nrows:\n{first.replace(row, 'OURS-001')}"
    (tmp_path / "tables" / "gefitinib.yaml").write_text(table, "utf-8")
    pages = dict(site_files(load_rulesets(SMALL, None, tmp_path)))
    text = pages["small/drugs/gefitinib.html"]
    assert "overlay Ours</span>" in text or "overlay ours</span>" in text
    assert text.count(">overlay ") < text.count("OURS-001")


@pytest.mark.parametrize("ruleset", ["hiv1", "pharmacogenomics", "oncology"])
def test_every_rule_set_lists_its_overdue_reviews(ruleset: str) -> None:
    (rules,) = load_rulesets(None, ruleset)
    site = rules.pack.curate.make_site
    lines = {
        on.year: next(page for page in site(rules.rulebase, on).pages() if page.path == f"{ruleset}/overdue.html")
        for on in (datetime.date(2026, 12, 1), datetime.date(2040, 1, 1))
    }
    assert lines[2026].content["lines"] == []
    due = [line.cells[2] for line in lines[2040].content["lines"]]
    assert due and due == sorted(due)
    assert "review overdue" not in render_page(lines[2026]) and "Overdue reviews" in render_page(lines[2040])


def test_a_regimen_says_when_it_is_to_be_read_again(page: PageOf) -> None:
    assert re.search(r"Reviewed 2026-\d\d-\d\d, to be read again by 2028-", page("hiv1/regimens.html").text)


def test_rows_of_an_overlay_on_a_virus_are_marked(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "overlay.yaml").write_text("name: ours\nversion: 1.0.0\ndate: 2026-11-22\nover: small-virus\n", "utf-8")
    (tmp_path / "tables" / "AZT.yaml").write_text("drug: AZT\nscores:\n  70: {R: 10}\n", "utf-8")
    pages = dict(site_files(load_rulesets(SMALL_VIRUS, None, tmp_path)))
    marked = re.findall(r">(AZT-\S+) <span[^>]*>overlay ours<", pages["small-virus/drugs/AZT.html"])
    assert marked == ["AZT-70"]


def test_a_row_and_its_citation_lead_to_each_other(small_page: PageOf) -> None:
    assert "../citations/PMID-15728811.html" in [link.href for link in small_page("small/drugs/gefitinib.html").links]
    citation = small_page("small/citations/PMID-15728811.html")
    assert citation.link("GEF-003") == "../drugs/gefitinib.html#GEF-003"
    assert citation.link("PMID 15728811") == "https://pubmed.ncbi.nlm.nih.gov/15728811/"


def test_a_row_and_its_tumour_type_lead_to_each_other(small_page: PageOf) -> None:
    drug = small_page("small/drugs/gefitinib.html")
    assert drug.link("Non-Small Cell Lung Cancer (NSCLC)") == "../tumours/NSCLC.html"
    assert small_page("small/tumours/NSCLC.html").link("GEF-003") == "../drugs/gefitinib.html#GEF-003"


def test_a_gene_tells_every_drug_for_which_a_mutation_counts(page: PageOf) -> None:
    egfr = page("oncology/genes/EGFR.html")
    for row, drug in (("AFA", "afatinib"), ("ERL", "erlotinib"), ("LAP", "lapatinib"), ("OSI", "osimertinib")):
        assert re.search(rf"{row}-\d+, {drug}: [^;]*EGFR T790M", egfr.text)
    # There is a row that holds only where there is no T790M.
    assert "must be absent for erlotinib ERL-" in egfr.text
    assert "response marker needed by" in egfr.text


def test_rows_without_a_place_are_listed_below_the_drawing(page: PageOf) -> None:
    other = page("oncology/drugs/osimertinib.html").section("Other findings", "Where the drug is used")
    assert "EGFR amplification" in other
    assert "conclusion egfr-bypassed-by-erbb2" in other
    assert "EGFR T790M" not in other


def test_a_conclusion_shows_its_chain_to_the_drugs(page: PageOf) -> None:
    conclusion = page("oncology/conclusions/map-kinase-pathway-reactivated.html")
    drawn = [link.href for link in conclusion.links]
    # RAS leads to RAF dimers, these to the pathway, and that to the drugs that inhibit BRAF.
    assert {"ras-activated.html", "raf-dimer-signalling.html"} <= set(drawn)
    assert {"dabrafenib: resistance", "vemurafenib: resistance"} <= {link.text for link in conclusion.links}


def test_a_gene_that_no_rule_speaks_of_has_a_page_that_says_so(shipped: dict[str, str]) -> None:
    unused = [path for path, text in shipped.items() if "<p>No curated association with " in text]
    assert all(path.startswith("oncology/genes/") for path in unused)
    assert "oncology/genes/EGFR.html" not in unused
    assert unused


def test_a_retired_row_stands_apart_with_what_replaced_it(small_rulebase_copy) -> None:
    folder = small_rulebase_copy()
    table = folder / "tables" / "osimertinib.yaml"
    head, mark, rest = table.read_text(encoding="utf-8").partition("  - id: OSI-002\n    status: active\n")
    retired = "  - id: OSI-002\n    status: retired\n    retired: 2026-11-22\n    replaced_by: [OSI-001]\n"
    table.write_text(head + retired + rest, encoding="utf-8")
    assert mark
    files = dict(site_files([source(folder)]))
    (path,) = [path for path in files if path.endswith("/osimertinib.html")]
    drug = parse_page(files[path])
    assert "OSI-002" not in drug.section("Rows and their evidence", "Retired rows")
    assert "retired 2026-11-22, replaced by OSI-001" in drug.section("Retired rows", "Made by")
    assert broken_links(files) == []


# --- viruses ------------------------------------------------------------------------------------------------


def test_the_table_of_3tc_shows_m184v_as_high_level_resistance(page: PageOf) -> None:
    lamivudine = page("hiv1/drugs/3TC.html")
    assert marks(lamivudine, "resistant") == ["I60", "V60"]
    assert lamivudine.link("M184") == "../genes/RT.html#p184"
    assert lamivudine.link("V60") == "#3TC-184"
    assert "3TC-C01" in lamivudine.section("Combinations, added", "Level by score")


def test_what_helps_a_drug_has_a_negative_score_and_a_lane(page: PageOf) -> None:
    darunavir = page("hiv1/drugs/DRV-r.html")
    assert marks(darunavir, "sensitive") == ["L−10", "S−5"]
    assert "more susceptible" in darunavir.text


def test_a_residue_that_counts_only_with_others_is_marked(page: PageOf) -> None:
    assert marks(page("hiv1/drugs/DRV-r.html"), "not_assessable") == ["I+", "L+"]


def test_a_gene_of_the_virus_gives_scores_by_drug(page: PageOf) -> None:
    reverse_transcriptase = page("hiv1/genes/RT.html")
    # In the order ABC, AZT, D4T, DDI, FTC, 3TC, TDF, ISL.
    assert "M184V 15 −10 −10 10 60 60 −10 30" in reverse_transcriptase.text
    assert reverse_transcriptase.link("M184V") == "#m184V"


def test_a_comment_and_its_position_lead_to_each_other(page: PageOf) -> None:
    assert page("hiv1/genes/RT.html").link("RT-41-1") == "../comments/RT.html#RT-41-1"
    assert page("hiv1/comments/RT.html").link("41L") == "../genes/RT.html#m41L"


def test_a_comment_on_results_names_its_drug_and_levels(page: PageOf) -> None:
    result = page("hiv1/result-comments.html").section("DTG: High-Level Resistance", "DRV/r")
    assert "Resistance to dolutegravir is high." in result


def test_rules_that_give_a_level_are_shown_with_their_comment(small_site: dict[str, str]) -> None:
    (path,) = [path for path in small_site if path.endswith("/drugs/DTG.html")]
    dolutegravir = parse_page(small_site[path])
    assert "DTG-118" in dolutegravir.section("Rules that give a level", "Made by")
    assert dolutegravir.link("IN-118").endswith("comments/IN.html#IN-118")
    assert "Scores, 1 of 2" in dolutegravir.text


# --- the search ---------------------------------------------------------------------------------------------


def entries(files: dict[str, str]) -> list[list[object]]:
    text = files["search-index.js"]
    return json.loads(text[text.index("entries=[") + len("entries=") :].rstrip().rstrip(";"))


def test_the_index_knows_a_mutation_in_every_way_people_write_it(shipped: dict[str, str]) -> None:
    by_label = {entry[1]: entry for entry in entries(shipped)}
    assert by_label["EGFR T790M"][4] == ["T790M", "790M", "Thr790Met", "790"]
    assert by_label["EGFR T790M"][3] == "oncology/genes/EGFR.html#EGFR-T790M"
    assert by_label["RT M184V"][4] == ["M184V", "184V", "184"]
    assert by_label["RT M184V"][3] == "hiv1/genes/RT.html#m184V"


def test_drugs_rows_and_papers_are_in_the_index_by_their_ids(shipped: dict[str, str]) -> None:
    by_key = {key: entry[3] for entry in entries(shipped) for key in entry[4]}
    assert by_key["Tagrisso"] == by_key["azd9291"] == "oncology/drugs/osimertinib.html"
    assert "<dt>Brand</dt><dd>Tagrisso</dd>" in shipped["oncology/drugs/osimertinib.html"]
    assert "<dt>Other names</dt><dd>azd9291, mereletinib</dd>" in shipped["oncology/drugs/osimertinib.html"]
    assert by_key["lamivudine"] == "hiv1/drugs/3TC.html"
    assert by_key["OSI-003"] == "oncology/drugs/osimertinib.html#OSI-003"
    assert by_key["27959700"] == "oncology/citations/PMID-27959700.html"
    assert by_key["NSCLC"] == "oncology/tumours/NSCLC.html"


def test_everything_searched_for_exists_and_is_in_the_index(shipped: dict[str, str]) -> None:
    found = {str(entry[3]) for entry in entries(shipped)}
    assert broken_links({**shipped, "found.html": "".join(f'<a href="{href}">' for href in found)}) == []
    listed = set(re.findall(r'<li><a href="([^"]*)"', shipped["all.html"]))
    assert listed == found


def test_figures_in_the_index_are_in_the_order_of_numbers(shipped: dict[str, str]) -> None:
    labels = [entry[1] for entry in entries(shipped)]
    assert labels.index("3TC-65") < labels.index("3TC-116")


# --- safety -------------------------------------------------------------------------------------------------


def test_markup_in_a_rule_is_text_on_every_page(small_rulebase_copy) -> None:
    hostile = "</script><img src=x onerror=alert(1)> & \"quoted\" 'text' {{ 7*7 }}"
    folder = small_rulebase_copy(
        replace={"tables/osimertinib.yaml": ("Osimertinib is approved for NSCLC with T790M.", json.dumps(hostile))}
    )
    manifest = folder / "ruleset.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(re.sub(r"(?m)^name: .*$", f"name: {json.dumps(hostile)}", text), encoding="utf-8")
    files = dict(site_files([source(folder)]))
    for path, text in files.items():
        assert "<img" not in text, path
        if path.endswith(".html"):
            assert all(tag != "img" for tag, _ in parse_page(text).tags)
    (path,) = [path for path in files if path.endswith("/osimertinib.html")]
    assert hostile in parse_page(files[path]).text
    assert "<" not in files["search-index.js"]


# --- where it is written ------------------------------------------------------------------------------------

FILES = [("index.html", "<p>a</p>"), ("drugs/a.html", "<p>b</p>")]


def written(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_site_is_written_with_a_list_of_its_files(tmp_path: Path) -> None:
    assert write_site(tmp_path / "site", FILES) == 2
    assert written(tmp_path / "site") == ["drugs/a.html", "index.html", LIST]
    assert (tmp_path / "site" / LIST).read_text(encoding="utf-8") == "drugs/a.html\nindex.html\n"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write_site(tmp_path / "site", FILES)
    assert (tmp_path / "site" / "index.html").is_file()


def test_an_earlier_site_is_replaced_whole(tmp_path: Path) -> None:
    write_site(tmp_path / "site", FILES)
    write_site(tmp_path / "site", [("index.html", "<p>new</p>")])
    assert written(tmp_path / "site") == ["index.html", LIST]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_with_anything_else_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    write_site(tmp_path / "site", FILES)
    (tmp_path / "site" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds files that no site was written with: notes\.txt; expected"):
        write_site(tmp_path / "site", FILES)
    assert (tmp_path / "site" / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_without_the_list_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("a.txt", "index.html"):
        (folder / name).write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"a\.txt and 1 more"):
        write_site(folder, FILES)


def test_a_file_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file"):
        write_site(tmp_path / "site", FILES)
    with pytest.raises(OutputError, match="does not exist"):
        write_site(tmp_path / "no" / "site", FILES)


def test_a_failure_on_the_way_leaves_the_earlier_site_alone(tmp_path: Path) -> None:
    write_site(tmp_path / "site", FILES)

    def failing():
        yield "index.html", "<p>new</p>"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="cannot be written: No space left on device"):
        write_site(tmp_path / "site", failing())
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "<p>a</p>"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


# --- the command --------------------------------------------------------------------------------------------


@pytest.fixture
def rulesets(tmp_path: Path) -> Path:
    """A folder of the two small rule sets."""
    shutil.copytree(SMALL, tmp_path / "rules" / "small")
    shutil.copytree(SMALL_VIRUS, tmp_path / "rules" / "virus")
    return tmp_path / "rules"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RESISTAB, "site", *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_command_writes_a_site_of_a_folder_of_rule_sets(tmp_path: Path, rulesets: Path) -> None:
    done = run(tmp_path, "rules", "-o", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "open out/index.html" in done.stdout
    files = {name: (tmp_path / "out" / name).read_text(encoding="utf-8") for name in written(tmp_path / "out")}
    assert broken_links(files) == []


def test_a_folder_refused_ends_with_the_code_of_output(tmp_path: Path, rulesets: Path) -> None:
    done = run(tmp_path, "rules/small", "-o", "rules")
    assert done.returncode == 5
    assert done.stderr.startswith("error: ")
    assert "holds files that no site was written with" in done.stderr
    assert (rulesets / "small" / "ruleset.yaml").is_file()


def test_one_rule_set_can_be_chosen(rulesets: Path) -> None:
    assert len(load_rulesets(rulesets, None)) == 2
    (only,) = load_rulesets(rulesets, "virus")
    assert only.id == source(SMALL_VIRUS).id
    (only,) = load_rulesets(rulesets / "virus", None)
    assert only.id == source(SMALL_VIRUS).id


def test_an_unknown_rule_set_is_refused_with_the_known_ones(rulesets: Path) -> None:
    with pytest.raises(RulebaseError, match=r"unknown rule set 'viru'; expected one of small, virus.*virus"):
        load_rulesets(rulesets, "viru")
    with pytest.raises(RulebaseError, match="no rule set is there"):
        load_rulesets(rulesets / "small" / "tables", None)


def test_every_fault_of_every_rule_set_is_told_at_once(rulesets: Path) -> None:
    (rulesets / "small" / "drugs.yaml").write_text("drugs: [1]\n", encoding="utf-8")
    (rulesets / "virus" / "genes.yaml").write_text("genes: [1]\n", encoding="utf-8")
    with pytest.raises(RulebaseError) as caught:
        load_rulesets(rulesets, None)
    assert {Path(fault.where).name for fault in caught.value.faults} >= {"drugs.yaml", "genes.yaml"}


def test_two_folders_of_one_rule_set_are_refused(rulesets: Path) -> None:
    shutil.copytree(rulesets / "small", rulesets / "twice")
    with pytest.raises(RulebaseError, match="another folder holds the rule set"):
        load_rulesets(rulesets, None)
