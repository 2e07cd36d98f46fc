"""The codes of what is wrong with rule sets for tumours alone: a code never changes its meaning."""

from __future__ import annotations

from resistab.curation.kit.lints import CODES as COMMON
from resistab.curation.kit.lints import finder
from resistab.rulesets.fault_codes import Code

CODES: dict[str, Code] = {
    "RT601": Code(
        "a row can never fire",
        "Its condition contradicts itself or its own tumour types, or rests on a conclusion that nothing concludes. "
        "It looks like knowledge and changes no patient's result.",
        "Mend the condition or the tumour types; retire the row if it was superseded.",
    ),
    "RT602": Code(
        "an extrapolation that never takes place",
        "Every tumour type of extrapolated_to lies inside tumour_types, or the condition excludes it, so the row is "
        "never used as an extrapolation.",
        "Take the tumour types out of extrapolated_to, or narrow tumour_types.",
        "warning",
    ),
    "RT603": Code(
        "two identical rows",
        "Two rows of one drug and effect fire for exactly the same genotypes and tumour types. Readers see the same "
        "thing twice, and the next curator mends only one of them.",
        "Put the evidence on one row; retire the other with replaced_by.",
        "warning",
    ),
    "RT604": Code(
        "a row that another row makes redundant",
        "Whenever the row fires, another row of the same drug and effect fires with at least its score, and all "
        "evidence of the row stands on the other too: it adds nothing to a verdict or to a report.",
        "Retire the narrower row with replaced_by, give it evidence of its own, or narrow the wider row.",
        "warning",
    ),
    "RT605": Code(
        "two rows that contradict each other",
        "For the same condition and overlapping tumour types one row says resistance and another is a response marker, "
        "and neither shows evidence against itself. A report would state both as if nothing were in dispute.",
        "Show the other side as evidence with direction: against, narrow one of the rows, or retire it.",
        "warning",
    ),
    "RT606": Code(
        "evidence from other tumour types only",
        "No item that supports the row was studied in any of its tumour types, and the row does not say that it is "
        "extrapolated, so its score is not lowered.",
        "Write the tumour types of the studies into tumour_types and move the others to extrapolated_to.",
        "warning",
    ),
    "RT607": Code(
        "a tumour type without evidence of its own",
        "The row holds at full weight in a tumour type in which none of its supporting evidence was studied.",
        "Move the tumour type to extrapolated_to, or add the evidence that speaks of it.",
        "note",
    ),
    "RT608": Code(
        "a score above what the evidence gives",
        "The curator's score is higher than the one that follows from the row's evidence and the score policy.",
        "See that score_reason still holds; take score and score_reason out once the evidence carries the score.",
        "note",
    ),
    "RT612": Code(
        "a mechanism rule that can never fire",
        "Its condition contradicts itself or its tumour types, or rests on a conclusion that nothing concludes.",
        "Mend the condition or the tumour types; retire the rule if it was superseded.",
    ),
    "RT613": Code(
        "a conclusion that nothing concludes",
        "A condition asks for a conclusion that no active mechanism rule reaches, so it is always false.",
        "Write the mechanism rule, or take the conclusion out of the condition.",
        "warning",
    ),
    "RT614": Code(
        "a conclusion that nobody asks for",
        "No active row, rule or indication asks for the conclusion.",
        "Write the row that needs it, or delete the conclusion together with its rules' retirement.",
        "warning",
    ),
    "RT615": Code(
        "a mechanism rule without a consumer",
        "From the rule's conclusion no row of any table is reached, so it changes no patient's result.",
        "Write the row or rule that asks for the conclusion, or retire the rule.",
        "warning",
    ),
    "RT616": Code(
        "two identical mechanism rules",
        "Two active rules lead from the same condition and tumour types to the same conclusion.",
        "Put the evidence on one rule; retire the other with replaced_by.",
        "warning",
    ),
    "RT617": Code(
        "an alteration set that only reports can name",
        "No condition names the set. A patient's report may, and is then taken for any of its members.",
        "See that reports do name it; otherwise delete it.",
        "note",
    ),
    "RT624": Code(
        "a required marker that can never be present",
        "The condition under requires contradicts itself or its tumour types: the drug is never indicated there.",
        "Mend the condition or the tumour types of the indication.",
    ),
    "RT625": Code(
        "a row that adds evidence and nothing else",
        "Whenever the row fires, another row of the same drug and effect fires with at least its score. The row has "
        "evidence of its own, which a report shows; the verdict never depends on it.",
        "See that the evidence is worth a row; otherwise move it to the wider row and retire this one.",
        "note",
    ),
    "RT626": Code(
        "an alteration set of a gene with no curated association",
        "No condition names the set, and none names its gene: whatever is reported, nothing follows.",
        "Use the set in a condition, or delete it.",
        "warning",
    ),
    "RT627": Code(
        "a mechanism shown in other tumour types only",
        "No item that supports the mechanism rule was studied in any of its tumour types, and its weight is not "
        "lowered for that.",
        "See that the mechanism may be carried over and that explanation says so; otherwise narrow tumour_types.",
        "note",
    ),
    "RT628": Code(
        "a gene with three rows of resistance and no note",
        "Rows tell single facts; how resistance arises at a gene that several of them name is told nowhere.",
        "Say it in the gene's 'resistance' in genes.yaml: a few sentences of your own, from the rows' evidence.",
        "warning",
    ),
    "RT629": Code(
        "residues that no sequence verifies",
        "A residue that is wrong, or numbered on another isoform, would not be noticed: the row would never fire.",
        "Add the sequence of the gene's protein to proteins.fasta, or compare with the source by hand.",
        "note",
    ),
    "RT630": Code(
        "a table in the wrong folder",
        "Tables lie in the folder of their drug's first class, and those of combinations in tables/combinations/: "
        "there they are looked for. Only a rule set that has all its tables in one folder needs no others.",
        "Move the file to the folder named (git mv).",
    ),
    "RT631": Code(
        "any mutation of a gene as a response marker",
        "A mutation of which nobody knows what it does, or one that confers resistance, counts as the marker too. What "
        "studies and labels call a mutated gene is mostly a list of hot spots, or what truncates the protein.",
        "Name a curated set of alteration_sets/ with its basis, or exons and residues. Where any mutation was meant, "
        "list the row or marker in facts.yaml under findings.",
        "note",
    ),
    "RT632": Code(
        "a codon where anything is sensitive but what resists",
        "Rows of the drug say that one exchange at the codon resists, and a row of response or of no effect speaks of "
        "any exchange there. A neighbour that nobody studied is then taken for sensitive.",
        "Name the exchanges that were studied, or write 'except' with those that resist.",
        "warning",
    ),
    "RT633": Code(
        "rows of level A or B that rest on old evidence alone",
        "All that supports them is older than ten years: guidelines, labels and later studies may say otherwise.",
        "Look for newer evidence and put it beside; the rows hold as they are until then.",
        "note",
    ),
    "RT635": Code(
        "a row without the second reader that is asked for",
        "curation.second_reader of ruleset.yaml asks that two people have read every row of that level.",
        "Have it read again, and name both under reviewers.",
    ),
    "RT640": Code(
        "a drug said to be used, and nothing says by whom",
        "The indication says relevant: true, approvals.yaml has no approval or other use of the drug there, and no "
        "basis is given: reports would lead with the drug because somebody wrote it.",
        "Write the guideline or label as basis, add the use to approvals.yaml, or write relevant: false.",
        "warning",
    ),
}
finding = finder(COMMON | CODES)
