"""What CIViC calls its drugs and diseases, and what the rule set calls them.

A name is first sought among the rule set's own (``drugs.yaml``, ``tumour_types.yaml``), then among the translations
that the citation check knows too, then among those reviewed here, each with the reason why it says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from resistab.rulebase.civic_export import REGIMENS, TUMOURS
from resistab.rulebase.models import Rulebase

Interaction = Literal["", "Combination", "Substitutes", "Sequential"]

# Regimens beside those of the citation check: the drugs they stand for, and why.
FURTHER_REGIMENS: dict[str, tuple[tuple[str, ...], str]] = {
    "carboplatin/paclitaxel regimen": (("carboplatin", "paclitaxel"), "the name lists the drugs"),
    "durvalumab/tremelimumab regimen": (("durvalumab", "tremelimumab"), "the name lists the drugs"),
    "fac regimen": (("fluorouracil", "doxorubicin", "cyclophosphamide"), "A is adriamycin, which is doxorubicin"),
    "fec regimen": (("fluorouracil", "epirubicin", "cyclophosphamide"), "E is epirubicin"),
    "folfox regimen": (("fluorouracil", "leucovorin", "oxaliplatin"), "as FOLFOX-4, of which it is the general name"),
    "pcv regimen": (("procarbazine", "lomustine", "vincristine"), "C is CCNU, which is lomustine"),
    "r-chop regimen": (
        ("rituximab", "cyclophosphamide", "doxorubicin", "vincristine", "prednisone"),
        "H is hydroxydaunorubicin, which is doxorubicin; O is oncovin, which is vincristine",
    ),
}

# Diseases beside those of the citation check: the OncoTree code, and why. What has no counterpart (leukaemia of any
# kind, a papillary adenocarcinoma of no organ) is left out, and so are syndromes that are no tumour.
FURTHER_DISEASES: dict[str, tuple[str, str]] = {
    "acute promyelocytic leukemia": ("APLPMLRARA", "PML-RARA defines it; OncoTree has no other"),
    "anaplastic astrocytoma": ("HGGNOS", "a grade, not said whether IDH-mutant"),
    "b-cell adult acute lymphocytic leukemia": ("BLL", "OncoTree does not part it by age"),
    "b-cell non-hodgkin lymphoma": ("MBN", "mature B-cell neoplasms"),
    "b-lymphoblastic leukemia/lymphoma with etv6-runx1": ("BLLETV6RUNX1", "the same fusion"),
    "bile duct adenocarcinoma": ("CHOL", "cholangiocarcinoma by another name"),
    "brain glioblastoma multiforme": ("GB", "the older name of glioblastoma"),
    "brain glioma": ("GNOS", "glioma, not otherwise specified"),
    "breast adenocarcinoma": ("BREAST", "as breast cancer"),
    "breast carcinoma": ("BREAST", "as breast cancer"),
    "breast secretory carcinoma": ("JSCB", "OncoTree has the secretory carcinoma under its juvenile form alone"),
    "castration-resistant prostate carcinoma": ("PROSTATE", "the resistance to castration is no type of OncoTree"),
    "cervical cancer": ("CERVIX", "any cancer of the organ"),
    "cervix carcinoma": ("CERVIX", "any cancer of the organ"),
    "cholangiolocellular carcinoma": ("IHCH", "a form of intrahepatic cholangiocarcinoma"),
    "clear cell renal cell carcinoma": ("CCRCC", "the same words in another order"),
    "colon carcinoma": ("COADREAD", "as colon cancer"),
    "colon signet ring adenocarcinoma": ("SRCCR", "the same type, of colon and rectum"),
    "congenital fibrosarcoma": ("IFS", "infantile fibrosarcoma by another name"),
    "desmoid tumor": ("DES", "desmoid fibromatosis"),
    "diffuse large b-cell lymphoma": ("DLBCLNOS", "not otherwise specified"),
    "diffuse large b-cell lymphoma activated b-cell type": ("ABC", "the same type"),
    "diffuse large b-cell lymphoma germinal center b-cell type": ("GCB", "the same type"),
    "diffuse midline glioma, h3 k27m-mutant": ("DMG", "the name before K27-altered"),
    "endometrial adenocarcinoma": ("UCEC", "endometrial carcinoma"),
    "endometrioid ovary carcinoma": ("EOV", "the same type"),
    "epithelial ovarian cancer": ("OVT", "ovarian epithelial tumours"),
    "epithelioid inflammatory myofibroblastic sarcoma": ("IMT", "a form of inflammatory myofibroblastic tumour"),
    "esophageal cancer": ("STOMACH", "OncoTree's only node above all cancers of the oesophagus holds the stomach too"),
    "esophageal carcinoma": ("STOMACH", "as oesophageal cancer"),
    "esophagus adenocarcinoma": ("ESCA", "the same type"),
    "esophagus squamous cell carcinoma": ("ESCC", "the same type"),
    "follicular thyroid carcinoma": ("THFO", "the same type"),
    "glioblastoma proneural subtype": ("GB", "OncoTree does not part glioblastoma by expression"),
    "glioma": ("GNOS", "glioma, not otherwise specified"),
    "head and neck carcinoma": ("HEAD_NECK", "any cancer of the region"),
    "histiocytic and dendritic cell cancer": ("HDCN", "histiocytic and dendritic cell neoplasms"),
    "inflammatory breast carcinoma": ("IBC", "the same type"),
    "malignant pleural mesothelioma": ("PLMESO", "the same type"),
    "mammary analogue secretory carcinoma": ("HNMASC", "the same type"),
    "medullary thyroid carcinoma": ("THME", "the same type"),
    "myelodysplastic syndrome": ("MDS", "the same, in the plural"),
    "myxoid liposarcoma": ("MRLS", "myxoid and round-cell liposarcoma are one type"),
    "neuroendocrine tumor": ("NETNOS", "not otherwise specified"),
    "ovarian serous cystadenocarcinoma": ("SOC", "serous ovarian cancer, its grade not said"),
    "pancreatic acinar cell adenocarcinoma": ("PAAC", "the same type"),
    "pharynx squamous cell carcinoma": ("HNSC", "a site of squamous cell carcinoma of head and neck"),
    "plexiform neurofibroma": ("NFIB", "a form of neurofibroma"),
    "prostate cancer": ("PROSTATE", "any cancer of the organ"),
    "prostate carcinoma": ("PROSTATE", "any cancer of the organ"),
    "rectum cancer": ("READ", "nearly all are adenocarcinomas, as in colorectal cancer"),
    "renal carcinoma": ("RCC", "renal cell carcinoma"),
    "sarcoma": ("SARCNOS", "not otherwise specified"),
    "sezary's disease": ("SS", "Sézary syndrome"),
    "solid tumors, advanced": ("TISSUE", "as solid tumour"),
    "t-cell acute lymphoblastic leukemia": ("TLL", "one type with T-lymphoblastic lymphoma"),
    "t-cell lymphoblastic leukemia/lymphoma": ("TLL", "the same type"),
    "thyroid cancer": ("THYROID", "any cancer of the organ"),
    "thyroid gland carcinoma": ("THYROID", "any cancer of the organ"),
    "triple-receptor negative breast cancer": ("BREAST", "the receptors are no type of OncoTree"),
    "urinary bladder cancer": ("BLADDER", "any cancer of the organ"),
    "vulva squamous cell carcinoma": ("VSC", "the same type, of vulva and vagina"),
}


@dataclass(frozen=True)
class Therapy:
    """One of the rule set's drugs that an item speaks of, and the drugs it was given with, in lower case."""

    drug: str
    given_with: tuple[str, ...] = ()


def tumour_codes(rulebase: Rulebase, disease: str) -> tuple[str, ...]:
    """The OncoTree codes that a disease of CIViC stands for, the first for what was studied; () where none is known."""
    folded = " ".join(disease.casefold().split())
    # The translations come before the names, as the citation check has it.
    further = FURTHER_DISEASES.get(folded)
    codes = TUMOURS.get(folded) or tuple(
        tumour.code for tumour in rulebase.tumour_types if tumour.name.casefold() == folded
    )
    codes = codes or ((further[0],) if further else ())
    return codes if all(code in rulebase.tumour_by_code for code in codes) else ()


def therapies(rulebase: Rulebase, names: tuple[str, ...], interaction: Interaction) -> tuple[Therapy, ...]:
    """The rule set's drugs among ``names``, by name; drugs of one combination, or of one regimen, are given together.

    ``names`` are as CIViC lists them. () where the rule set knows none of them.
    """
    regimens = [_parts(rulebase, name) for name in names]
    if interaction == "Combination":
        regimens = [tuple(part for regimen in regimens for part in regimen)]
    known = {drug.name for drug in rulebase.drugs}
    found: dict[str, Therapy] = {}
    for regimen in regimens:
        for drug in regimen:
            # Where a drug stands alone and in a regimen, the item speaks of it alone too.
            together = tuple(sorted(set(regimen) - {drug}))
            if drug in known and (drug not in found or not together):
                found[drug] = Therapy(drug, together)
    return tuple(found[drug] for drug in sorted(found))


def _parts(rulebase: Rulebase, name: str) -> tuple[str, ...]:
    """The drugs that one entry of CIViC's list stands for, by the rule set's names where it has one."""
    folded = " ".join(name.casefold().split())
    further = FURTHER_REGIMENS.get(folded)
    # A class of drugs of which CIViC does not name the members stays what it is.
    parts = REGIMENS.get(folded) or (further[0] if further else (folded,))
    return tuple(known.name if (known := rulebase.drug_by_name.get(part)) else part for part in parts)
