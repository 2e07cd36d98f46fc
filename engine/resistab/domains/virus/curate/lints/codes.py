"""The codes of what is wrong with viruses' rule sets alone: a code never changes its meaning."""

from __future__ import annotations

from resistab.curation.kit.lints import CODES as COMMON
from resistab.curation.kit.lints import finder
from resistab.rulesets.fault_codes import Code

CODES: dict[str, Code] = {
    "RT651": Code(
        "a viral rule that can never hold",
        "Its condition contradicts itself for every genotype, mixtures included.",
        "Mend the condition, or delete the rule.",
    ),
    "RT652": Code(
        "a residue scored twice on one line",
        "The residue stands under two keys of a position with different scores. Only the larger counts, whichever "
        "was meant.",
        "Leave the residue under the key whose score is right.",
        "warning",
    ),
    "RT653": Code(
        "a score that never counts",
        "Wherever the condition holds, another condition of the same item holds too with at least its score, and of "
        "one item only the largest counts.",
        "Delete the condition, narrow the other, or make it an item of its own.",
        "warning",
    ),
    "RT654": Code(
        "two identical combinations",
        "Two combinations of one score hold for exactly the same genotypes; both are added.",
        "Write one combination with the sum of the scores, or mend the condition of one.",
        "warning",
    ),
    "RT655": Code(
        "a rule that another rule makes redundant",
        "Wherever the rule holds, another rule of the drug holds, gives at least its level, and gives the same "
        "comment if it gives any.",
        "Delete the narrower rule, or narrow the wider one.",
        "warning",
    ),
    "RT656": Code(
        "a condition that holds in mixtures only",
        "It asks for two different residues at one position, which one virus cannot have.",
        "See that a mixture is meant; for either residue write them as one, such as 184I/V.",
        "note",
    ),
    "RT657": Code(
        "a score of 0",
        "It adds nothing and, being the largest, may hide a negative score beside it.",
        "Delete the item, or give it its score.",
        "warning",
    ),
    "RT658": Code(
        "a comment that is never given",
        "Its condition can never hold, or it has none and no rule names it.",
        "Give the comment a condition, name it in a rule, or delete it.",
        "warning",
    ),
    "RT659": Code(
        "mutation types at a position that no rule scores",
        "Residues are typed for a class of drugs at a position that no table of the class speaks of.",
        "See that the type is meant; without a score it is printed and changes nothing.",
        "note",
    ),
    "RT660": Code(
        "a comment on a result that is never given",
        "It asks for a level that the drug cannot have, or for a drug without a table.",
        "Name a level that the drug's scale or rules give, or delete the comment.",
        "warning",
    ),
    "RT661": Code(
        "drafts that wait for a curator",
        "The table has drafts of changes that measurements ask for. They have no effect until they are accepted.",
        "Read each with its numbers: accept it with resistab accept ID, or refuse it by deleting it from drafts.",
        "note",
    ),
}
finding = finder(COMMON | CODES)
