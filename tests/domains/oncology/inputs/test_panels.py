"""Panels: what was assayed, from a published definition, a BED file, or a list of genes."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.inputs.panels import GivenPanel, read_panel


def panel(interpreter: Interpreter, given: str) -> GivenPanel:
    return read_panel(given, interpreter.rulebase, interpreter.coding_exons)


def test_the_shipped_panels_name_only_genes_that_are_known(oncology: Interpreter) -> None:
    assert len(oncology.rulebase.panels) == 11
    for known in oncology.rulebase.panels:
        genes = {*known.mutation, *known.copy_number, *known.fusion, *known.splicing}
        strangers = {
            g for g in genes if g.upper() not in oncology.rulebase.gene_by_name and not oncology.knows_symbol(g)
        }
        assert strangers == set()
        # By symbol, not by an alias: coverage is asked by symbol.
        assert all(oncology.rulebase.gene_by_name[g].symbol == g for g in genes if g in oncology.rulebase.gene_by_name)
        assert known.source


@pytest.mark.parametrize("name", ["foundationone-cdx", "FoundationOne CDx", "FOUNDATIONONE-CDX"])
def test_a_published_panel_is_named_by_id_or_name(oncology: Interpreter, name: str) -> None:
    found = panel(oncology, name)
    assert found.specimen == "tissue"
    loci = {entry.text for entry in found.loci}
    assert {"EGFR mutation", "ERBB2 copy number", "ALK fusion", "MSI", "TMB"} <= loci
    assert len([locus for locus in loci if locus.endswith("mutation")]) == 309


def test_a_list_of_genes_reads_as_what_was_assayed(oncology: Interpreter, tmp_path: Path) -> None:
    (tmp_path / "genes.txt").write_text("# ours\nEGFR\nKRAS mutation in 12, 13  # hot spots\n\nALK fusion\n")
    found = panel(oncology, str(tmp_path / "genes.txt"))
    assert [entry.text for entry in found.loci] == ["EGFR", "KRAS mutation in 12, 13", "ALK fusion"]


# Exon 2 of KRAS (codons 1 to 37) and exon 20 of EGFR (762 to 823), as published on each build.
BED = {
    "GRCh37": "chr12\t25398207\t25398329\tKRAS_ex2\nchr7\t55248985\t55249171\tEGFR_ex20\n",
    "GRCh38": "chr12\t25245273\t25245395\tKRAS_ex2\nchr7\t55181292\t55181478\tEGFR_ex20\n",
}


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
def test_a_bed_file_covers_the_codons_that_lie_in_it_whole(oncology: Interpreter, tmp_path: Path, build: str) -> None:
    path = tmp_path / "targets.bed"
    path.write_text("track name=x\n" + BED[build] + "chr1\t100\t200\tNOTAGENE\n")
    found = panel(oncology, str(path))
    loci = {entry.text for entry in found.loci}
    assert any(locus.startswith("KRAS mutation in 1-37") for locus in loci)
    assert any(locus.startswith("EGFR mutation in 762-823") for locus in loci)
    assert any("NOTAGENE" in note for note in found.notes)
    assert any(f"was read on {build}" in note for note in found.notes)


def test_what_a_bed_file_leaves_out_is_unknown(oncology: Interpreter, tmp_path: Path) -> None:
    """G12 is covered and Q61 is not, so that KRAS is not known to be wild type."""
    path = tmp_path / "targets.bed"
    path.write_text(BED["GRCh38"])
    found = panel(oncology, str(path))
    genotype = oncology.genotype("COAD", assayed=[entry.text for entry in found.loci])
    cetuximab = next(v for v in oncology.interpret(genotype).verdicts if v.drug == "cetuximab")
    assert cetuximab.verdict == "not_assessable"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("chr12\t25398207\t25398329\nchr12\t5\t3\nchr7 a b\n", ["2: found 'chr12\\t5\\t3'", "3: found 'chr7 a b'"]),
        ("chr5\t10\t20\n", [" covers no codon of a gene that the rule set knows"]),
        ("# GRCh37\n# GRCh38\nchr12\t25398207\t25398329\n", [" names two genome builds"]),
        ("\n# nothing\n", [" names no gene"]),
    ],
)
def test_a_faulty_file_is_refused(oncology: Interpreter, tmp_path: Path, content: str, said: list[str]) -> None:
    path = tmp_path / "p.bed"
    path.write_text(content)
    with pytest.raises(InputError) as raised:
        panel(oncology, str(path))
    assert len(raised.value.faults) == len(said)
    for fault, start in zip(raised.value.faults, said, strict=True):
        assert str(fault).partition("p.bed:")[2].startswith(start)


def test_an_unknown_panel_is_refused_with_the_known_ones(oncology: Interpreter) -> None:
    with pytest.raises(
        InputError, match="there is no panel and no file 'foundation-cdx'; expected one of foundationone"
    ):
        panel(oncology, "foundation-cdx")


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("F1CDx", "FoundationOne CDx"),
        ("FoundationOne® CDx", "FoundationOne CDx"),
        ("TSO500", "TruSight Oncology 500"),
        ("TSO-500", "TruSight Oncology 500"),
        ("MSK-IMPACT 468", "MSK-IMPACT, 468 genes"),
        ("WES", "Whole exome"),
        ("genome", "Whole genome"),
    ],
)
def test_a_panel_is_found_as_laboratories_write_it(oncology: Interpreter, written: str, known: str) -> None:
    assert panel(oncology, written).name == known


def test_a_version_that_is_not_said_is_asked_for(oncology: Interpreter) -> None:
    with pytest.raises(InputError, match="did you mean msk-impact-341 or msk-impact-410 or msk-impact-468"):
        panel(oncology, "MSK-IMPACT")


def test_an_exome_covers_mutations_of_every_gene_and_no_more(oncology: Interpreter) -> None:
    loci = {entry.text for entry in panel(oncology, "exome").loci}
    assert loci == {f"{gene.symbol} mutation" for gene in oncology.rulebase.genes}


def test_a_genome_covers_copies_and_fusions_too(oncology: Interpreter) -> None:
    loci = {entry.text for entry in panel(oncology, "WGS").loci}
    assert {"EGFR mutation", "ERBB2 copy number", "ALK fusion"} <= loci
    assert not {"MSI", "TMB", "MET splicing"} & loci


def test_foundationone_cdx_covers_what_it_is_a_companion_of(oncology: Interpreter) -> None:
    loci = {entry.text for entry in panel(oncology, "foundationone-cdx").loci}
    assert {"MET splicing", "NTRK1 fusion", "NTRK2 fusion", "NTRK3 fusion", "RET fusion", "ROS1 fusion"} <= loci
    assert "AR splicing" not in loci
