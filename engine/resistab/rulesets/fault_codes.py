"""Every fault that a rulebase can have, by its code.

A code never changes its meaning and is never used again. Codes are grouped by hundreds: 0 form and schema, 1 names
and ids, 2 conditions and sequences, 3 evidence, scores and dates, 4 mechanisms, 5 rule sets of viruses, 6 and 7 what
is well-formed and still wrong (``resistab.curation.kit.lints``). ``rulebase/CHECKS.md`` is made from here.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Code(NamedTuple):
    """What a code stands for: a title, how severe it is, why it matters, and how a curator mends it."""

    title: str
    why: str
    mend: str
    severity: Severity = "error"


GROUPS: dict[str, str] = {
    "RT001": "form and schema",
    "RT101": "names and ids",
    "RT201": "conditions and sequences",
    "RT301": "evidence, scores and dates",
    "RT320": "evidence beside its sources (check --evidence)",
    "RT350": "facts about the rules",
    "RT360": "brands of drugs beside labels (check --evidence)",
    "RT401": "mechanisms",
    "RT501": "rule sets of viruses",
}
"""The title of each group of codes, by the first code in it."""

CODES: dict[str, Code] = {
    "RT001": Code(
        "no rule set",
        "A folder is a rule set by its ruleset.yaml. Without one nothing is checked, and nothing would be found wrong.",
        "Name the folder that holds ruleset.yaml, or the folder above several of them.",
    ),
    "RT002": Code(
        "a file cannot be read",
        "Whatever it holds is missing from the rule set.",
        "See that it is a file, and that its permissions let you read it.",
    ),
    "RT003": Code(
        "a file that is not UTF-8",
        "Names with accents and signs such as ≥ would be read wrong.",
        "Save the file as UTF-8.",
    ),
    "RT004": Code(
        "a required file is missing",
        "Every rule set needs it; what it defines is unknown to all other files.",
        "Add the file, if only with an empty list in it.",
    ),
    "RT005": Code(
        "an empty file",
        "A file without content is usually one that was lost on saving.",
        "Write its fields, or delete the file.",
    ),
    "RT006": Code(
        "malformed YAML",
        "From the place named on the file cannot be understood, so nothing in it is used.",
        "Mind indentation, brackets and quotes there; put text that holds ': ' or '#' in quotes.",
    ),
    "RT007": Code(
        "YAML nested too deeply",
        "No kind of file needs so many levels, and a reader could be brought down by more.",
        "Close the brackets that were left open.",
    ),
    "RT008": Code(
        "a YAML alias",
        "The value then stands where nobody sees it, and a small file can grow without bound.",
        "Write the value itself in each place.",
    ),
    "RT009": Code(
        "a YAML tag",
        "Tags make a value other than it looks.",
        "Delete the tag; put the value in quotes where it is text.",
    ),
    "RT010": Code(
        "a key given twice",
        "Of two values one would be lost in silence.",
        "Keep one of them, or put both under one key.",
    ),
    "RT011": Code(
        "a list or mapping as a key",
        "Fields are named by words or numbers.",
        "Name the field by a word; look for a bracket or a colon too many.",
    ),
    "RT012": Code(
        "a file that is no mapping",
        "Every file is a mapping of fields, such as 'drug:' and 'rows:'.",
        "Put the content under its field.",
    ),
    "RT013": Code(
        "a file that nothing reads",
        "Its content has no effect, although it looks like a part of the rule set.",
        "Mind the spelling of file and folder and the ending .yaml, or move the file out of the rule set.",
        "warning",
    ),
    "RT014": Code(
        "an unknown kind of rule set",
        "The manifest's kind says which domain the rules are of. Of a kind that no domain has nothing can be read.",
        "Write one of the kinds that are known.",
    ),
    "RT020": Code(
        "a field is missing",
        "Without it the entry has no clear meaning.",
        "Add the field; rulebase/README.md says what it holds.",
    ),
    "RT021": Code(
        "an unknown field",
        "It would have no effect, and is most often a known one misspelt.",
        "Correct its name, or delete it.",
    ),
    "RT022": Code(
        "an empty field",
        "A field that is there and says nothing is neither left out nor given.",
        "Give it its value, or leave it out where it may be.",
    ),
    "RT023": Code(
        "a value of the wrong kind",
        "A number where text belongs, or one value where a list belongs, is not what the field means.",
        "Write it as expected; quotes make text of what YAML takes for a number, a date or a truth value.",
    ),
    "RT024": Code(
        "a value that is none of those allowed",
        "Reports, scores and comparisons rest on these words.",
        "Choose one of the words that are listed.",
    ),
    "RT025": Code(
        "a text in the wrong form",
        "Ids, references and names are looked up by their form.",
        "Write it as in the example given.",
    ),
    "RT026": Code(
        "a date that is none",
        "Dates decide what is due for review.",
        "Write year, month and day: 2026-11-21.",
    ),
    "RT027": Code(
        "a number out of bounds",
        "Outside its bounds, or without end, it cannot be computed with.",
        "Give a number within the bounds that are named.",
    ),
    "RT028": Code(
        "an unknown key",
        "In this mapping only certain keys have a meaning.",
        "Write one of the keys expected.",
    ),
    "RT029": Code(
        "an entry that contradicts itself",
        "Two of its parts exclude each other, or say the same twice.",
        "Leave out one of them.",
    ),
    "RT040": Code(
        "a sequence without a name",
        "A protein is found by the name of its record.",
        "Write the gene's symbol after '>'.",
    ),
    "RT041": Code(
        "a sequence given twice",
        "Of two sequences of one gene one would be lost in silence.",
        "Keep the one that the gene's accession names.",
    ),
    "RT042": Code(
        "residues before the first record",
        "They belong to no gene.",
        "Begin the file with '>' and the gene's symbol.",
    ),
    "RT043": Code(
        "a letter that is no residue",
        "Positions behind it, and all checks of reference residues, would be wrong.",
        "Take the sequence from its source again, in one-letter code and capitals.",
    ),
    "RT044": Code(
        "coding exons that cannot be read",
        "What an assay covers, and which exons a deletion takes, would not be known.",
        "Write a line for each coding exon, with the columns that the first line names, separated by tabs.",
    ),
    "RT045": Code(
        "coding exons that do not make the protein",
        "Residues would be taken for covered, or for deleted, that are not.",
        "Take the exons of the transcript that makes the reference protein.",
    ),
    "RT101": Code(
        "a name defined twice",
        "Whoever names it means one of two.",
        "Delete one, or give it a name of its own.",
    ),
    "RT102": Code(
        "an id used twice",
        "Reports and cases cite rows by id; ids are permanent and never used again.",
        "Give the newer one the next free id.",
    ),
    "RT110": Code(
        "an unknown gene",
        "The condition could never be met by any finding.",
        "Correct the spelling, or add the gene.",
    ),
    "RT111": Code(
        "a gene by another name",
        "Aliases are understood in patients' findings; in rules each gene has one name, its HGNC symbol.",
        "Write the symbol that is suggested.",
    ),
    "RT112": Code(
        "an unknown drug",
        "What is said of it reaches no report.",
        "Correct the spelling, or add the drug to drugs.yaml.",
    ),
    "RT113": Code(
        "a drug by another name",
        "Aliases are understood in patients' data; in rules each drug has one name.",
        "Write the name that is suggested.",
    ),
    "RT114": Code(
        "an unknown class of drugs",
        "No drug belongs to it, so what is said of it has no effect.",
        "Correct the spelling, or name the class in drugs.yaml.",
    ),
    "RT115": Code(
        "an unknown tumour type",
        "The row would hold for no patient.",
        "Use a code of tumour_types.yaml, or add the OncoTree type there.",
    ),
    "RT116": Code(
        "a tumour type by its name",
        "Rules name tumour types by their OncoTree code, which does not change with the wording.",
        "Write the code that is suggested.",
    ),
    "RT117": Code(
        "an unknown conclusion",
        "Nothing concludes it, so the condition is never met.",
        "Correct the spelling, or define it in mechanisms/.",
    ),
    "RT118": Code(
        "an unknown set of alterations",
        "It has no members, so the condition is never met.",
        "Correct the spelling, or list it in alteration_sets/.",
    ),
    "RT119": Code(
        "an unknown replacement",
        "Who follows a retired row to the one that took its place ends nowhere.",
        "Name the id of an existing row or rule.",
    ),
    "RT120": Code(
        "a tumour type under itself",
        "Scopes are looked up from a type to its parents, and would not end.",
        "Give it the parent that OncoTree gives.",
    ),
    "RT121": Code(
        "a drug not in lower case",
        "Drugs given together are compared by their generic names, in lower case.",
        "Write it in lower case.",
    ),
    "RT122": Code(
        "a regimen not called by its drugs",
        "A combination is found by the names of its drugs; under another name it would be defined twice.",
        "Join the names of 'regimen:' by +, in the order in which the combination is called.",
    ),
    "RT123": Code(
        "classes of a drug that are wanting, or of a regimen that has those of its drugs",
        "Rules on a class of drugs reach a drug by its classes.",
        "Give a drug at least one class, and a regimen none.",
    ),
    "RT124": Code(
        "a table without rows",
        "Nothing could ever be concluded of its drug; only rows of the drug's class may stand in for its own.",
        "Give the table a row, or remove it.",
    ),
    "RT125": Code(
        "rows of a class that hold for no drug",
        "What a curator wrote there would never be said of any drug.",
        "Give a drug of the class a table, which may be without rows of its own.",
    ),
    "RT126": Code(
        "a name of a tumour type that means something else",
        "What people write is looked up by code, then by name: a name that hides another, or is hidden, misleads.",
        "Take it out, or list it under 'ambiguous' with every code that it may mean.",
    ),
    "RT127": Code(
        "a symbol of a gene that misleads",
        "A finding would be read as another gene's, or as that of a gene nobody knows.",
        "Take the alias out of genes.yaml, or mend the symbols of today in former_symbols.tsv.",
    ),
    "RT128": Code(
        "a binding mode that no drug has",
        "The row would hold for no drug but its own, and seem to hold for all that bind alike.",
        "Spell it as 'binding_modes' of drugs.yaml does, or add it there to the drugs that bind so.",
    ),
    "RT129": Code(
        "a benign variant that is not one change of a protein",
        "The list would take more for harmless than is known to be.",
        "Write each variant by itself, such as IDH1 V178I.",
    ),
    "RT130": Code(
        "a setting that the manifest does not have",
        "Regimens are ranked by their setting, and of this one nothing would be known.",
        "Spell it as 'settings' of 'regimens' in ruleset.yaml does, or add it there.",
    ),
    "RT131": Code(
        "a name of a drug that is another's",
        "By a brand or alias that two drugs have, or that is the name of another, a patient's drug may be either.",
        "Leave the name to the drug that it means, once, as a brand where a label has it and else as an alias.",
    ),
    "RT201": Code(
        "a condition that cannot be parsed",
        "It would never be met, or be met by what nobody meant.",
        "Mend it at the column named; rulebase/README.md describes the language.",
    ),
    "RT202": Code(
        "an essential locus that cannot be read",
        "It decides whether a drug can be assessed at all.",
        "Name gene and kind, such as 'EGFR mutation in 790' or 'ERBB2 copy number'.",
    ),
    "RT203": Code(
        "a reference residue that the protein does not have",
        "The position, the residue or the transcript is wrong, so the row speaks of another change than meant.",
        "Look the change up in the source; write it for the protein that genes.yaml names.",
    ),
    "RT204": Code(
        "a position beyond the protein",
        "No finding can lie there; often a digit too many, or another transcript.",
        "Correct the position.",
    ),
    "RT205": Code(
        "a stop in the wrong place",
        "The protein ends elsewhere, so the change cannot happen.",
        "Write the position of the stop, one behind the last residue.",
    ),
    "RT206": Code(
        "an exon without residues",
        "Without its range nothing tells which changes lie in the exon.",
        "Add the range under exons in genes.yaml, or name residues.",
    ),
    "RT207": Code(
        "a count that cannot be",
        "More parts are asked for than there are, or the bounds are reversed: it is always or never true.",
        "Mend the numbers, or the list of parts.",
    ),
    "RT208": Code(
        "a set with members of other genes",
        "A set is named after one gene, and findings are looked for in that gene.",
        "List alterations of that gene, each written out.",
    ),
    "RT209": Code(
        "a set that is no list",
        "Its members are looked up one by one.",
        "Join them by 'any of (…)' or by 'or'.",
    ),
    "RT210": Code(
        "a marker without essential loci",
        "Where the marker was not found, nothing says whether it was looked for: every such patient would be not "
        "assessable.",
        "Name at least one essential locus.",
    ),
    "RT211": Code(
        "a condition that is no text",
        "A condition is one sentence, so that a curator can read it.",
        "Write the sentence, in quotes where it holds ': ' or '#'.",
    ),
    "RT212": Code(
        "residues that cannot be read",
        "The line would match no residue.",
        "Write letters of the one-letter code, * for a stop, ins or del, joined by /.",
    ),
    "RT213": Code(
        "residues given twice",
        "Written differently the keys mean the same, and one of two scores would be lost.",
        "Keep one of them.",
    ),
    "RT214": Code(
        "another spelling of a change that cannot be one",
        "A finding would be read as a change that it is not.",
        "Write the spelling that people use, and after it the change on the reference protein.",
    ),
    "RT215": Code(
        "numbers of another isoform that cannot be",
        "Changes counted on that isoform would be read as changes of other residues.",
        "Write the residues in the other isoform's numbers, and the shift to those of the reference protein.",
    ),
    "RT216": Code(
        "a name of an alteration that means none",
        "A finding under that name could not be read, or would be read as something else.",
        "Write what follows the gene in the name, and after it the words that follow the gene in a condition.",
    ),
    "RT217": Code(
        "a codon that does not encode its residue",
        "Coding changes there would be read as changes that they are not.",
        "Write the codon of the reference transcript, in letters of which each choice encodes the residue.",
    ),
    "RT301": Code(
        "an active row or rule without support",
        "A verdict would rest on nothing.",
        "Add an item with direction: supports, or set status: draft.",
    ),
    "RT302": Code(
        "a definition with evidence",
        "A definition names a step of a pathway and weighs nothing, so its evidence would be ignored.",
        "Delete the evidence, or definition: true.",
    ),
    "RT303": Code(
        "a reference that is not in citations.yaml",
        "Reports print the citation from there.",
        "Add reference and short citation there.",
    ),
    "RT304": Code(
        "a score without a reason",
        "A score that does not follow from the evidence needs a reason that others can judge.",
        "Add score_reason, or leave the score to the policy.",
    ),
    "RT305": Code(
        "a reason without a score",
        "The reason explains nothing.",
        "Add the score, or delete the reason.",
    ),
    "RT306": Code(
        "a retired row without a date",
        "Nobody can tell which reports may have used it.",
        "Add retired: with the date.",
    ),
    "RT307": Code(
        "a date of retirement on a row in use",
        "The row is either retired or in use.",
        "Set status: retired, or delete the date.",
    ),
    "RT308": Code(
        "a review before the creation",
        "One of the two dates is wrong, and reviews fall due by them.",
        "Correct the dates.",
    ),
    "RT309": Code(
        "an active rule whose statement is still to be written",
        "A draft carries a source's label, not a judgement: nobody has said what the study showed.",
        "Read the study, and say what it showed in one sentence of your own; or leave the rule a draft.",
    ),
    "RT310": Code(
        "an active rule on studies of which too little was seen",
        "Where neither the change nor the number was seen, nobody can say what the study showed of it.",
        "Add an item with 'verification: full' or 'secondary' beside it, or make the rule a draft.",
    ),
    "RT311": Code(
        "an active rule on evidence of absence alone",
        "That a study looked for an effect and did not find it shows neither resistance nor response: a verdict would "
        "rest on silence.",
        "Write 'effect: no effect', add an item that shows the effect, or make the rule a draft.",
    ),
    "RT312": Code(
        "a use of a drug that rests on nothing",
        "Reports say where a drug is approved or recommended; they must be able to say who says so.",
        "Name the labels, or write as basis which guideline or label it is.",
    ),
    "RT320": Code(
        "a source that is not there",
        "The item names an entry that the evidence export does not have, or that was withdrawn, so nobody can look "
        "it up.",
        "Name the right entry, or take the item out.",
    ),
    "RT321": Code(
        "another reference than the source's",
        "Readers are sent to the wrong paper.",
        "Write the reference of the source.",
    ),
    "RT322": Code(
        "another evidence level than the source's",
        "The score follows from the level.",
        "Write the level of the source, or add an exception with the reason.",
    ),
    "RT323": Code(
        "another drug than the source's",
        "The study says nothing of this drug.",
        "Move the item to the drug's table, or name under drug what was studied.",
    ),
    "RT324": Code(
        "other drugs given with it than in the source",
        "An effect of a combination is not that of the drug alone.",
        "Correct given_with.",
    ),
    "RT325": Code(
        "another gene than the source's",
        "The study says nothing of this gene.",
        "Move the item to the row that it speaks of.",
    ),
    "RT326": Code(
        "another alteration than the source's",
        "The study says nothing of this alteration.",
        "Move the item to the row that it speaks of, or widen the condition.",
    ),
    "RT327": Code(
        "another direction than the source's",
        "The item would count for what it speaks against.",
        "Correct direction.",
    ),
    "RT328": Code(
        "another tumour type than the source's",
        "Whether a row is extrapolated is decided by where it was studied.",
        "Correct studied_in.",
    ),
    "RT329": Code(
        "a statement that repeats the source's words",
        "The sentence must be our own: sources have licences of their own.",
        "Say it anew, from the paper.",
    ),
    "RT330": Code(
        "an exception that is no longer needed",
        "Exceptions may only become fewer, and a stale one could hide a new fault.",
        "Delete it from citation_exceptions.yaml and lower at_most, or from unverified_citations.yaml.",
    ),
    "RT331": Code(
        "a number of exceptions other than at_most",
        "The number is written down so that it can only fall.",
        "Lower at_most to the number of exceptions; mend the newest instead of raising it.",
    ),
    "RT332": Code(
        "a statement without words",
        "Reports print it beside the reference.",
        "Say in one sentence what the study found.",
    ),
    "RT333": Code(
        "one statement under two references",
        "One of the two studies is not described.",
        "Write a sentence for each.",
    ),
    "RT334": Code(
        "a citation that no evidence names",
        "The list of references is longer than what the rules rest on.",
        "Delete it, or add the evidence it was listed for.",
    ),
    "RT335": Code(
        "a citation other than the source's",
        "Author or year may be those of another paper.",
        "Write author and year as the source has them.",
    ),
    "RT336": Code(
        "no evidence was verified",
        "A check of nothing passes nothing: the export or the path is the wrong one.",
        "Name the evidence export or the lists of regimens that the rules cite, and a rule set that has evidence.",
    ),
    "RT337": Code(
        "an evidence item that is not curated yet",
        "It is neither behind a row nor listed with a reason, so a resistance may be missing from the rules.",
        "Put it behind a row, or into unused_evidence.yaml with the reason why no row can rest on it.",
        "warning",
    ),
    "RT338": Code(
        "an evidence item in two places",
        "It is behind a row and listed as unused, or listed twice; one of the two is not true.",
        "Take it out of unused_evidence.yaml, or out of the row.",
    ),
    "RT339": Code(
        "an unused evidence item that the evidence does not hold",
        "A number mistyped hides another item that is not curated yet.",
        "Correct the number, or take it out of unused_evidence.yaml.",
    ),
    "RT340": Code(
        "a drug with rows of resistance and no response marker",
        "Without its markers the drug is never called sensitive, and not indicated where it has none.",
        "Add the response markers that the evidence has for the drug.",
        "warning",
    ),
    "RT341": Code(
        "evidence of absence that is not marked, or a mark without it",
        "An effect that a study did not find would carry a verdict, or one that it did show would carry none.",
        "Write 'absence: true' where the source says Does Not Support; where the study showed the opposite itself, "
        "list the item under 'shown' in citation_exceptions.yaml with what it shows.",
    ),
    "RT342": Code(
        "evidence seen otherwise than the source says",
        "What was seen of a study (the study, a mention of it, no more than its title) decides what a row may rest on.",
        "Correct verification; leave it out where the study was seen in full.",
    ),
    "RT343": Code(
        "further evidence that cannot be read",
        "further_evidence.tsv lists what the project found in public text. A line that is not understood is no source.",
        "Correct the line: an id such as SUPR-001, the columns filled, the words those of the other lists.",
    ),
    "RT344": Code(
        "an approval of the list that the rule set does not know",
        "Whether a drug is used in a tumour type is decided by approvals.yaml: what is missing there is not offered.",
        "Run tools/approvals.py on the list, or put the row under left_out with the reason.",
    ),
    "RT345": Code(
        "an approval left out that the list does not hold",
        "The entry explains nothing any more, and may hide a row that comes back otherwise.",
        "Take it out, or spell drugs, tumour and biomarkers as the list does.",
    ),
    "RT346": Code(
        "a reference of a regimen that its source does not have",
        "Of a regimen, a rule for combining or a barrier nobody could look up who says so.",
        "Name the row of the lists that has the reference, cite what the row cites, or write the difference into "
        "unverified_citations.yaml with the reason.",
    ),
    "RT347": Code(
        "a regimen or a rule for combining other than its source's",
        "Other drugs, another authority, or more seen of it than the list says: the source does not say this.",
        "Correct it, name the right row, or write the difference into unverified_citations.yaml with the reason.",
    ),
    "RT348": Code(
        "a guideline or label that is but named",
        "Without an identifier nobody can verify it, which must be known of each one.",
        "Give its reference, or list it under 'named' in unverified_citations.yaml with the reason.",
    ),
    "RT349": Code(
        "a row on regimens that is not accounted for",
        "It is behind no entry and not listed, or both, so that a regimen may be missing.",
        "Name it as source of an entry, or list it in unused_regimens.yaml with the reason; not both.",
    ),
    "RT350": Code(
        "a fact that does not hold",
        "facts.yaml says what must hold of the rules whatever is added to them: how much there is at least, what some "
        "drugs and rows are, and which findings are known. Something else was lost or changed by a slip.",
        "Undo what made it false; where that was meant, write the new fact into facts.yaml.",
    ),
    "RT351": Code(
        "a fact about nothing that there is",
        "A fact about a drug, row, field or kind of item that the rules do not have can never hold.",
        "Write the kind, id and field as resistab diff names them, or take the fact out.",
    ),
    "RT360": Code(
        "a brand that no label bears out",
        "Reports show it beside the drug, and people go by it: it must be the name of a label of this drug.",
        "Spell it as the label does, give it to the drug that the label is of, make it an alias, or list it under "
        "'brands' in citation_exceptions.yaml with the reason.",
    ),
    "RT361": Code(
        "an exception for a brand that needs none",
        "The label is in the evidence now, or the brand is gone; the entry would let a wrong one pass later.",
        "Delete the entry under 'brands' in citation_exceptions.yaml.",
    ),
    "RT362": Code(
        "no brand was verified",
        "The lists name labels, and none of them is a brand here: they are not those that the brands were taken from.",
        "Give the lists of approvals that the brands were taken from.",
    ),
    "RT401": Code(
        "a cycle through negation",
        "A conclusion that depends on its own absence is neither true nor false.",
        "Break the cycle: take the negation out of one of the rules named.",
    ),
    "RT501": Code(
        "a length, or codons, other than the sequence's",
        "Positions near the end would be refused, or accepted, wrongly, or the nucleotides of a change miscounted.",
        "Correct the length, the codons, or the sequence.",
    ),
    "RT502": Code(
        "a class of drugs that acts on two genes",
        "The mutations of a table are those of one gene.",
        "Name the class under one gene.",
    ),
    "RT503": Code(
        "a class of drugs that acts on no gene",
        "Nothing says which gene the mutations of its tables are in.",
        "Name the class under its gene in genes.yaml.",
    ),
    "RT504": Code(
        "an alias that is another drug's name",
        "A patient's drug could be taken for either.",
        "Delete the alias from one of them.",
    ),
    "RT505": Code(
        "levels out of order",
        "The highest level of a drug's rules counts, so the order must be plain.",
        "List each level once, the lowest first.",
    ),
    "RT506": Code(
        "an unknown level",
        "It has no name and no meaning in reports.",
        "Use a level of ruleset.yaml.",
    ),
    "RT507": Code(
        "an empty range of scores",
        "No score lies in it.",
        "Write the lower bound under 'from'.",
    ),
    "RT508": Code(
        "ranges of scores that overlap",
        "A score in both would have two levels.",
        "Let each range begin behind the one before.",
    ),
    "RT509": Code(
        "a score without a level",
        "A patient may come to the score, and would have no level.",
        "Close the gap between the ranges, or leave the outermost bounds open.",
    ),
    "RT510": Code(
        "scores without a scale",
        "Scores that give no level have no effect.",
        "Add a scale to ruleset.yaml or to the table.",
    ),
    "RT511": Code(
        "a table without rules",
        "The drug would be reported as susceptible for every patient.",
        "Add scores, combinations or rules, or delete the file.",
    ),
    "RT512": Code(
        "a rule that gives nothing",
        "It holds and says nothing.",
        "Give it a level, a comment or both.",
    ),
    "RT513": Code(
        "an unknown comment",
        "The rule would be silent where it should speak.",
        "Correct the id, or add the comment to comments/.",
    ),
    "RT514": Code(
        "the reference residue named as a mutation",
        "Every virus without the mutation would have it.",
        "Take the residue out; check the position.",
    ),
    "RT515": Code(
        "a draft instead of a score that is not there",
        "The draft would take a score away, and the row that it names is not in the table or has no such score.",
        "Name the row and its condition as the table has them; delete the draft where the row has changed.",
    ),
}
