"""What a lint says, and the registry of its codes: a code never changes its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Code(NamedTuple):
    """What a code stands for: its title, how much it matters, why it matters and how it is mended."""

    title: str
    severity: Severity
    why: str
    mend: str


CODES: dict[str, Code] = {
    # --- rows and rules that say too little, too much or the opposite ---------------------------------------------
    "RT601": Code(
        "a row can never fire",
        "error",
        "Its condition contradicts itself or its own tumour types, or rests on a conclusion that nothing concludes. "
        "It looks like knowledge and changes no patient's result.",
        "Mend the condition or the tumour types; retire the row if it was superseded.",
    ),
    "RT602": Code(
        "an extrapolation that never takes place",
        "warning",
        "Every tumour type of extrapolated_to lies inside tumour_types, or the condition excludes it, so the row is "
        "never used as an extrapolation.",
        "Take the tumour types out of extrapolated_to, or narrow tumour_types.",
    ),
    "RT603": Code(
        "two identical rows",
        "warning",
        "Two rows of one drug and effect fire for exactly the same genotypes and tumour types. Readers see the same "
        "thing twice, and the next curator mends only one of them.",
        "Put the evidence on one row; retire the other with replaced_by.",
    ),
    "RT604": Code(
        "a row that another row makes redundant",
        "warning",
        "Whenever the row fires, another row of the same drug and effect fires with at least its score, and all "
        "evidence of the row stands on the other too: it adds nothing to a verdict or to a report.",
        "Retire the narrower row with replaced_by, give it evidence of its own, or narrow the wider row.",
    ),
    "RT605": Code(
        "two rows that contradict each other",
        "warning",
        "For the same condition and overlapping tumour types one row says resistance and another susceptibility, and "
        "neither shows evidence against itself. A report would state both as if nothing were in dispute.",
        "Show the other side as evidence with direction: against, narrow one of the rows, or retire it.",
    ),
    "RT606": Code(
        "evidence from other tumour types only",
        "warning",
        "No item that supports the row was studied in any of its tumour types, and the row does not say that it is "
        "extrapolated, so its score is not lowered.",
        "Write the tumour types of the studies into tumour_types and move the others to extrapolated_to.",
    ),
    "RT607": Code(
        "a tumour type without evidence of its own",
        "note",
        "The row holds at full weight in a tumour type in which none of its supporting evidence was studied.",
        "Move the tumour type to extrapolated_to, or add the evidence that speaks of it.",
    ),
    "RT608": Code(
        "a score above what the evidence gives",
        "note",
        "The curator's score is higher than the one that follows from the row's evidence and the score policy.",
        "See that score_reason still holds; take score and score_reason out once the evidence carries the score.",
    ),
    "RT609": Code(
        "a review that is overdue",
        "warning",
        "The row, rule or rule set was last read longer ago than curation.review_months of ruleset.yaml allows.",
        "Read it again beside the literature, mend what changed, and write today's date into reviewed.",
    ),
    "RT610": Code(
        "a replacement that ends in nothing active",
        "warning",
        "The row is retired and names replacements, but following them no active row or rule is reached.",
        "Name the active row or rule in replaced_by, or leave replaced_by out where nothing took its place.",
    ),
    "RT611": Code(
        "a retired row still referred to",
        "warning",
        "A note, a reason or an explanation that readers see, or a case, names a row or rule that is retired.",
        "Name the row or rule that replaced it.",
    ),
    "RT612": Code(
        "a mechanism rule that can never fire",
        "error",
        "Its condition contradicts itself or its tumour types, or rests on a conclusion that nothing concludes.",
        "Mend the condition or the tumour types; retire the rule if it was superseded.",
    ),
    "RT613": Code(
        "a conclusion that nothing concludes",
        "warning",
        "A condition asks for a conclusion that no active mechanism rule reaches, so it is always false.",
        "Write the mechanism rule, or take the conclusion out of the condition.",
    ),
    "RT614": Code(
        "a conclusion that nobody asks for",
        "warning",
        "No active row, rule or indication asks for the conclusion.",
        "Write the row that needs it, or delete the conclusion together with its rules' retirement.",
    ),
    "RT615": Code(
        "a mechanism rule without a consumer",
        "warning",
        "From the rule's conclusion no row of any table is reached, so it changes no patient's result.",
        "Write the row or rule that asks for the conclusion, or retire the rule.",
    ),
    "RT616": Code(
        "two identical mechanism rules",
        "warning",
        "Two active rules lead from the same condition and tumour types to the same conclusion.",
        "Put the evidence on one rule; retire the other with replaced_by.",
    ),
    "RT617": Code(
        "an alteration set that only reports can name",
        "note",
        "No condition names the set. A patient's report may, and is then taken for any of its members.",
        "See that reports do name it; otherwise delete it.",
    ),
    "RT618": Code(
        "a citation that no evidence names",
        "warning",
        "The list of references is longer than what the rules rest on.",
        "Delete the citation, or add the evidence that it was listed for.",
    ),
    "RT619": Code(
        "a drug without a table",
        "warning",
        "No rule says anything on the drug, and no condition and no evidence names it: it can never be assessed.",
        "Write its table, or take the drug out of drugs.yaml.",
    ),
    "RT620": Code(
        "genes that no rule speaks of",
        "note",
        "No condition, locus or drug names them. Findings in them are understood, and nothing follows from them.",
        "Take them out of genes.yaml (symbols.txt suffices to understand findings), or leave those about to be used.",
    ),
    "RT621": Code(
        "a drug without a case in which a row must fire",
        "warning",
        "Nothing would be noticed if all the drug's rows stopped firing.",
        "Add a case to cases/ that expects rows of the drug.",
    ),
    "RT622": Code(
        "a drug without a case in which a row must not fire",
        "warning",
        "Nothing would be noticed if the drug's rows fired for everybody.",
        "Add a case to cases/ that names rows of the drug under silent, or expects none.",
    ),
    "RT623": Code(
        "a rule set without cases",
        "note",
        "Nothing says what the rule set is to conclude, so no edit of it can be tested.",
        "Write cases/: findings and the verdicts expected of them.",
    ),
    "RT624": Code(
        "a required marker that can never be present",
        "error",
        "The condition under requires contradicts itself or its tumour types: the drug is never indicated there.",
        "Mend the condition or the tumour types of the indication.",
    ),
    "RT625": Code(
        "a row that adds evidence and nothing else",
        "note",
        "Whenever the row fires, another row of the same drug and effect fires with at least its score. The row has "
        "evidence of its own, which a report shows; the verdict never depends on it.",
        "See that the evidence is worth a row; otherwise move it to the wider row and retire this one.",
    ),
    "RT626": Code(
        "an alteration set of a gene that no rule speaks of",
        "warning",
        "No condition names the set, and none speaks of its gene: whatever is reported, nothing follows.",
        "Use the set in a condition, or delete it.",
    ),
    "RT627": Code(
        "a mechanism shown in other tumour types only",
        "note",
        "No item that supports the mechanism rule was studied in any of its tumour types, and its weight is not "
        "lowered for that.",
        "See that the mechanism may be carried over and that explanation says so; otherwise narrow tumour_types.",
    ),
    "RT628": Code(
        "a gene with three rows of resistance and no note",
        "warning",
        "Rows tell single facts; how resistance arises at a gene that several of them name is told nowhere.",
        "Say it in the gene's 'resistance' in genes.yaml: a few sentences of your own, from the rows' evidence.",
    ),
    "RT629": Code(
        "residues that no sequence verifies",
        "note",
        "A residue that is wrong, or numbered on another isoform, would not be noticed: the row would never fire.",
        "Add the sequence of the gene's protein to proteins.fasta, or compare with the source by hand.",
    ),
    # --- rule sets of viruses -------------------------------------------------------------------------------------
    "RT651": Code(
        "a viral rule that can never hold",
        "error",
        "Its condition contradicts itself for every genotype, mixtures included.",
        "Mend the condition, or delete the rule.",
    ),
    "RT652": Code(
        "a residue scored twice on one line",
        "warning",
        "The residue stands under two keys of a position with different scores. Only the larger counts, whichever "
        "was meant.",
        "Leave the residue under the key whose score is right.",
    ),
    "RT653": Code(
        "a score that never counts",
        "warning",
        "Wherever the condition holds, another condition of the same item holds too with at least its score, and of "
        "one item only the largest counts.",
        "Delete the condition, narrow the other, or make it an item of its own.",
    ),
    "RT654": Code(
        "two identical combinations",
        "warning",
        "Two combinations of one score hold for exactly the same genotypes; both are added.",
        "Write one combination with the sum of the scores, or mend the condition of one.",
    ),
    "RT655": Code(
        "a rule that another rule makes redundant",
        "warning",
        "Wherever the rule holds, another rule of the drug holds, gives at least its level, and gives the same "
        "comment if it gives any.",
        "Delete the narrower rule, or narrow the wider one.",
    ),
    "RT656": Code(
        "a condition that holds in mixtures only",
        "note",
        "It asks for two different residues at one position, which one virus cannot have.",
        "See that a mixture is meant; for either residue write them as one, such as 184I/V.",
    ),
    "RT657": Code(
        "a score of 0",
        "warning",
        "It adds nothing and, being the largest, may hide a negative score beside it.",
        "Delete the item, or give it its score.",
    ),
    "RT658": Code(
        "a comment that is never given",
        "warning",
        "Its condition can never hold, or it has none and no rule names it.",
        "Give the comment a condition, name it in a rule, or delete it.",
    ),
    "RT659": Code(
        "mutation types at a position that no rule scores",
        "note",
        "Residues are typed for a class of drugs at a position that no table of the class speaks of.",
        "See that the type is meant; without a score it is printed and changes nothing.",
    ),
    "RT660": Code(
        "a comment on a result that is never given",
        "warning",
        "It asks for a level that the drug cannot have, or for a drug without a table.",
        "Name a level that the drug's scale or rules give, or delete the comment.",
    ),
}


@dataclass(frozen=True, order=True)
class Lint:
    """One thing that is well-formed and still wrong.

    ``file`` is the path inside the rule set's folder, the folder's alone (``mechanisms``) where a rule set, once it
    is read, no longer knows the file. ``rule`` is what stands there: the id of a row or rule, or the name of a drug,
    conclusion, set, citation or gene.
    """

    file: str
    rule: str
    code: str
    severity: Severity
    message: str
    mend: str


def finding(code: str, file: str, rule: str, message: str, mend: str | None = None) -> Lint:
    """A lint of severity and mend as the registry gives them; ``mend`` where more can be said."""
    entry = CODES[code]
    return Lint(file=file, rule=rule, code=code, severity=entry.severity, message=message, mend=mend or entry.mend)
