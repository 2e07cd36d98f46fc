"""``engine/MATCHING.md``: what is matched in which kind of input, written by running the readers on each example.

It belongs to the checkout and is not shipped; ``python tools/matching_page.py`` writes it anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from resistab.core.condition import Atom
from resistab.core.faults import InputError
from resistab.domains.loading import load
from resistab.domains.oncology.atoms import SiteAtom
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from resistab.domains.oncology.inputs.tumour_types import read_tumour_type
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.observe import Observer
from resistab.files.output import write_whole
from resistab.rulesets.find import data_folder

TUMOUR = "LUAD"
_EVERYDAY = Path(__file__).parent.parent / "tests" / "domains" / "oncology" / "inputs" / "test_everyday.yaml"


@dataclass(frozen=True)
class Example:
    """A kind of variant as text, as a row of a MAF file (class and change), and as VEP annotates it.

    ``vep`` holds the consequence, the coding change and the protein change; None where the kind has no such form.
    """

    kind: str
    gene: str
    text: str
    maf: tuple[str, str] | None = None
    vep: tuple[str, str, str] | None = None


EXAMPLES = (
    Example("substitution", "EGFR", "T790M", ("Missense_Mutation", "p.T790M"),
            ("missense_variant", "c.2369C>T", "p.Thr790Met")),
    Example("the same in three letters, predicted", "BRAF", "p.(Val600Glu)", ("Missense_Mutation", "p.Val600Glu")),
    Example("two residues exchanged, one of them for itself", "EGFR", "T790_Q791delinsMQ",
            ("Missense_Mutation", "p.790_791TQ>MQ"), ("missense_variant", "c.1", "p.Thr790_Gln791delinsMetGln")),
    Example("deletion", "EGFR", "E746_A750del", ("In_Frame_Del", "p.ELREA746del"),
            ("inframe_deletion", "c.2235_2249del", "p.Glu746_Ala750del")),
    Example("deletion with insertion", "EGFR", "L747_P753delinsS", ("In_Frame_Del", "p.747_753LREATSP>S"),
            ("inframe_deletion", "c.1", "p.Leu747_Pro753delinsSer")),
    Example("insertion", "EGFR", "D770_N771insSVD", ("In_Frame_Ins", "p.770_771insSVD"),
            ("inframe_insertion", "c.1", "p.Asp770_Asn771insSerValAsp")),
    Example("duplication", "EGFR", "A767_V769dup", ("In_Frame_Ins", "p.A767_V769dup"),
            ("inframe_insertion", "c.1", "p.Ala767_Val769dup")),
    Example("frame shift", "PTEN", "K267Rfs*9", ("Frame_Shift_Del", "p.K267Rfs*9"),
            ("frameshift_variant", "c.800del", "p.Lys267ArgfsTer9")),
    Example("frame shift by an older spelling", "NPM1", "WQ288fs", ("Frame_Shift_Ins", "p.WQ288fs"), None),
    Example("stop gained", "PTEN", "R130*", ("Nonsense_Mutation", "p.R130*"),
            ("stop_gained", "c.388C>T", "p.Arg130Ter")),
    Example("start lost", "PTEN", "M1?", ("Translation_Start_Site", "p.M1?"), ("start_lost", "c.1A>G", "p.Met1?")),
    Example("stop lost", "PTEN", "*404Lext*?", ("Nonstop_Mutation", "p.*404L"),
            ("stop_lost", "c.1", "p.Ter404LeuextTer?")),
    Example("splice site", "TP53", "X125_splice", ("Splice_Site", "p.X125_splice"),
            ("splice_donor_variant", "c.375+1G>A", "")),
    Example("splice site of MET exon 14", "MET", "X1010_splice", ("Splice_Site", "p.X1010_splice"),
            ("splice_donor_variant", "c.3028+1G>T", "")),
    Example("beside a splice site of MET exon 14", "MET", "splice site mutation", ("Splice_Region", "p.D1010D"),
            ("splice_polypyrimidine_tract_variant", "c.2888-18_2888-7del", "")),
    Example("beside another splice site", "TP53", "splice site mutation", ("Splice_Region", "."),
            ("splice_region_variant&intron_variant", "c.375+5G>A", "")),
    Example("synonymous", "EGFR", "Q787=", ("Silent", "p.Q787Q"), ("synonymous_variant", "c.2361G>A", "p.Gln787%3D")),
    Example("intron, untranslated region", "EGFR", "c.2283+20G>A", ("Intron", "."),
            ("intron_variant", "c.2283+20G>A", "")),
    Example("numbered on a known isoform", "MET", "D1246N", ("Missense_Mutation", "p.D1246N"), None),
    Example("numbered on another isoform", "EGFR", "A745M", ("Missense_Mutation", "p.A745M"),
            ("missense_variant", "c.1", "p.Ala745Met")),
    Example("truncating, the change not given", "PTEN", "truncation", ("Nonsense_Mutation", "."),
            ("stop_gained", "c.388C>T", "")),
    Example("known by place only", "EGFR", "exon 19 deletion"),
    Example("amplification", "MET", "amplification"),
    Example("copy number", "MET", "7 copies"),
    Example("fusion", "ALK", "fusion"),
    Example("coding change alone", "EGFR", "c.2369C>T"),
    Example("allele in brackets", "EGFR", "p.[Thr790Met;Cys797Ser]"),
    Example("uncertain position", "EGFR", "p.(Leu747_Ala750)delins"),
)  # fmt: skip

# What a finding says of a condition: equal changes, and changes that lie in a place or do what is asked.
PAIRS = (
    ("KRAS G12_G13delinsDV", "KRAS G12D"),
    ("KRAS G12_G13delinsDV", "any substitution at KRAS G13"),
    ("BRAF V600_K601delinsE", "BRAF V600E"),
    ("EGFR L747_P753delinsS", "EGFR L747S"),
    ("KRAS A11_G12dup", "any substitution at KRAS G12"),
    ("KRAS A11_G12dup", "KRAS G12D"),
    ("KRAS G12X", "any substitution at KRAS G12"),
    ("KRAS G12X", "KRAS G12D"),
    ("PTEN R130X", "PTEN loss"),
    ("FLT3-ITD", "FLT3 residues 572-630 insertion"),
    ("ERBB2 gain", "ERBB2 amplification"),
    ("EGFR T790_Q791delinsMQ", "EGFR T790M"),
    ("EGFR A767_V769dup", "EGFR V769_D770insASV"),
    ("EGFR V769_D770insASV", "EGFR A767_V769dup"),
    ("EGFR E746_A750del", "EGFR exon 19 deletion"),
    ("EGFR L747_P753delinsS", "EGFR exon 19 deletion"),
    ("EGFR E746_A750del", "any change at EGFR L747"),
    ("EGFR exon 19 deletion", "EGFR E746_A750del"),
    ("KRAS mutation", "KRAS G12D"),
    ("KRAS mutation", "KRAS wild type"),
    ("PTEN K267fs", "PTEN loss"),
    ("PTEN K267fs", "PTEN truncation"),
    ("PTEN M1?", "PTEN loss"),
    ("PTEN *404Lext*?", "PTEN truncation"),
    ("PTEN splice site mutation", "PTEN loss"),
    ("MET splice site mutation", "MET exon 14 skipping"),
    ("MET X1010_splice", "MET exon 14 skipping"),
    ("EGFR splice site mutation", "EGFR T790M"),
    ("TP53 splice site mutation", "TP53 mutation"),
    ("ALK fusion", "EML4::ALK"),
    ("EML4::ALK", "ALK fusion"),
    ("PTEN 0 copies", "PTEN loss"),
    ("MET 7 copies", "MET amplification"),
    ("MET 5 copies", "MET amplification"),
    ("MET 3 copies", "MET amplification"),
)

TUMOUR_NAMES = (
    "LUAD", "lung adenocarcinoma", "Breast cancer", "Colorectal cancer", "CRC", "Multiple myeloma", "CLL", "DLBCL",
    "GBM", "LAML", "OV", "KIRC", "LIHC", "AASTR", "NSCLC", "non-small-cell lung cancer", "mCRPC", "PDAC",
    "cancer of the pancreas", "metastatic breast cancer", "oesophageal adenocarcinoma", "acute myeloid leukaemia",
    "NCIT:C3512", "UMLS:C0152013", "Lung cancer", "kidney cancer", "ALL",
)  # fmt: skip
GENE_NAMES = ("HER2", "c-MET", "MLL2", "PARK2", "WHSC1", "C11orf30", "HIST1H3B", "SEPT9", "FLG", "CDC2", "9-Sep")

_HEADER = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
_VCF = """##fileformat=VCFv4.2
##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: Allele|Consequence|SYMBOL|Feature_type|Feature|HGVSc|HGVSp">
##contig=<ID=chr7,length=159345973>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
"""  # noqa: E501 - one line of a header


def page(interpreter: TumourInterpreter) -> str:
    """The whole page."""
    return "\n".join(_lines(interpreter)) + "\n"


def _lines(interpreter: TumourInterpreter) -> Iterator[str]:
    yield "# What is matched"
    yield ""
    yield "Made by `python tools/matching_page.py`, which runs the readers on each example; a test holds it current."
    yield ""
    yield "## By kind of variant and of input"
    yield ""
    yield "Tables of findings, patient files and the command line read text. A Phenopacket's `hgvs.p` is read as text"
    yield "too, and a study's mutations as MAF. *Partly* is what is known only by its gene, and listed; such a gene is"
    yield "never wild type."
    yield ""
    yield "| kind | as text | read as | in MAF | read as | by VEP | read as |"
    yield "|---|---|---|---|---|---|---|"
    for example in EXAMPLES:
        text = f"{example.gene} {example.text}"
        cells = [example.kind, f"`{text}`", _of_text(interpreter, text)]
        cells += ["", ""] if example.maf is None else [_code(*example.maf), _of_maf(interpreter, example)]
        cells += ["", ""] if example.vep is None else [_code(*example.vep), _of_vep(interpreter, example)]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield "## Everyday words"
    yield ""
    yield "Text that is not of the grammar is put into its words, and the report says so. A negative result is no"
    yield "finding: it says what was assayed, and no more than was looked for. What has no result (pending, failed,"
    yield "equivocal) is listed. What may mean several things is refused, with the spellings that mean one."
    yield "The examples are those of `tests/domains/oncology/inputs/test_everyday.yaml`."
    yield ""
    yield "| as text | read as |"
    yield "|---|---|"
    for spelling in _everyday_spellings():
        yield f"| `{spelling}` | {_of_text(interpreter, spelling)} |".replace("|V", "\\|V")
    yield ""
    yield "## Tumour types"
    yield ""
    yield "Names other than OncoTree's stand in `rulebase/oncology/tumour_names.yaml`, by their source."
    yield ""
    yield "| written | read as |"
    yield "|---|---|"
    for name in TUMOUR_NAMES:
        read = read_tumour_type(interpreter.rulebase, name)
        meant = f"{read.tumour.code} ({read.tumour.name})" if read.tumour else "refused, with suggestions"
        yield f"| `{name}` | {meant} |"
    yield ""
    yield "## Names of genes"
    yield ""
    yield "Symbols that HGNC gave up stand in `rulebase/oncology/former_symbols.tsv`, aliases in `genes.yaml`."
    yield ""
    yield "| written | read as |"
    yield "|---|---|"
    for name in GENE_NAMES:
        yield f"| `{name} loss` | {_of_text(interpreter, f'{name} loss')} |"
    yield ""
    yield "## What a finding says of a condition"
    yield ""
    yield "Nothing beside the finding is known to have been assayed here, but its gene for the finding's own kind."
    yield ""
    yield "| finding | condition | it is |"
    yield "|---|---|---|"
    for finding, condition in PAIRS:
        yield f"| `{finding}` | `{condition}` | {truth(interpreter, finding, condition)} |"


def _code(*parts: str) -> str:
    return ", ".join(f"`{part}`" for part in parts if part and part != "c.1")


def truth(interpreter: TumourInterpreter, finding: str, condition: str) -> str:
    """Whether the finding makes the condition true, false, or leaves it unknown."""
    genotype = interpreter.genotype(TUMOUR, [finding])
    atom: Atom = parse_condition(condition)  # type: ignore[assignment]
    if isinstance(atom, SiteAtom) and atom.exon is not None:
        bounds = interpreter.rulebase.gene_by_name[atom.gene].exon_range(atom.exon) or (None, None)
        atom = atom.model_copy(update={"first": bounds[0], "last": bounds[1]})
    return Observer(genotype, interpreter.rulebase).observe(atom).truth.value


def _everyday_spellings() -> list[str]:
    cases = yaml.safe_load(_EVERYDAY.read_text(encoding="utf-8"))
    return [case["given"] for of_test in cases.values() for case in of_test]


def _of_text(interpreter: TumourInterpreter, text: str) -> str:
    try:
        genotype = interpreter.genotype(TUMOUR, [text])
    except InputError:
        return "refused"
    if genotype.findings:
        return _findings(genotype)
    if genotype.not_understood:
        return "no result, listed; nothing of the gene counts as assayed"
    return "assayed, not found: " + ", ".join(f"`{item.locus}`" for item in genotype.assayed)


def _of_maf(interpreter: TumourInterpreter, example: Example) -> str:
    kind, change = example.maf or ("", "")
    return _read(interpreter, "a.maf", f"{_HEADER}{example.gene}\t{kind}\tS\t{change}\n")


def _of_vep(interpreter: TumourInterpreter, example: Example) -> str:
    consequence, coding, change = example.vep or ("", "", "")
    transcript = interpreter.rulebase.gene_by_name[example.gene].ensembl
    entry = f"T|{consequence}|{example.gene}|Transcript|{transcript}|{transcript}:{coding}|{change}"
    return _read(interpreter, "a.vcf", f"{_VCF}chr7\t1\t.\tC\tT\t.\tPASS\tCSQ={entry}\n")


def _read(interpreter: TumourInterpreter, name: str, content: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(content, encoding="utf-8")
        (given,) = read_samples(path, interpreter.rulebase)
    return _findings(interpreter.assemble(with_defaults(given, SampleDefaults(tumour=TUMOUR))))


def _findings(genotype: Genotype) -> str:
    found = ", ".join(f"`{finding.text}`" for finding in genotype.findings)
    if genotype.records is not None and genotype.records.partly:
        return f"{found}, partly"
    passed = [item.reason for item in genotype.records.filtered_out] if genotype.records is not None else []
    return found or f"filtered out: {', '.join(passed)}"


def main() -> None:
    """Write the page into the checkout."""
    path = data_folder("rulebase").parent / "engine" / "MATCHING.md"
    write_whole(path, page(cast(TumourInterpreter, load("oncology"))))
    print(path)


if __name__ == "__main__":
    main()
