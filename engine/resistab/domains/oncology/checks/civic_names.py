"""What CIViC and other sources call their drugs and diseases, and what the rule set calls them.

A name is first sought among the rule set's own (``drugs.yaml``, ``tumour_types.yaml``), then among the translations
reviewed here. The import of drafts and the citation check read names alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from resistab.domains.oncology.kinds.models import Rulebase

# One entry of a source's drug list may stand for several drugs. An empty expansion is a class of drugs of which the
# statement names the members.
REGIMENS: dict[str, tuple[str, ...]] = {
    "cetuximab/irinotecan regimen": ("cetuximab", "irinotecan"),
    "dabrafenib/trametinib regimen": ("dabrafenib", "trametinib"),
    "ipilimumab/nivolumab regimen": ("ipilimumab", "nivolumab"),
    "pembrolizumab/pemetrexed regimen": ("pembrolizumab", "pemetrexed"),
    "folfiri regimen": ("fluorouracil", "leucovorin", "irinotecan"),
    "folfox-4 regimen": ("fluorouracil", "leucovorin", "oxaliplatin"),
    "regorafenib anhydrous": ("regorafenib",),
    "fluorouracil-based chemotherapy": ("fluorouracil",),
    "chemotherapy": (),
}
CLASS_NAMES = {"chemotherapy"}
_NAMES_WITH_COMMA = ("HER2 Inhibitor CP-724,714", "2,4-pyrimidinediamine")

# What CIViC calls classes of drugs, in lower case, and what drugs.yaml calls them.
CLASSES: dict[str, str] = {
    "alk inhibitor": "ALK tyrosine kinase inhibitor",
    "angiogenesis inhibitor": "angiogenesis inhibitor",
    "anthracycline antineoplastic antibiotic": "anthracycline",
    "anti-ctla-4 monoclonal antibody": "CTLA-4 antibody",
    "anti-egfr monoclonal antibody": "EGFR antibody",
    "anti-pd-l1 monoclonal antibody": "PD-L1 antibody",
    "anti-pd1 monoclonal antibody": "PD-1 antibody",
    "anti-vegf monoclonal antibody": "VEGF antibody",
    "antiestrogen therapy": "endocrine therapy",
    "aromatase inhibitor": "aromatase inhibitor",
    "bet inhibitor": "BET inhibitor",
    "braf inhibitor": "BRAF inhibitor",
    "cdk4/6 inhibition": "CDK4/6 inhibitor",
    "endocrine drug therapy": "endocrine therapy",
    "epidermal growth factor receptor tyrosine kinase inhibitor": "EGFR tyrosine kinase inhibitor",
    "fgf/vegf receptor tyrosine kinase inhibitor": "FGFR inhibitor",
    "hormone therapy": "endocrine therapy",
    "igf1r monoclonal antibody": "IGF1R antibody",
    "immune checkpoint inhibitor": "immune checkpoint inhibitor",
    "immunotherapy": "immune checkpoint inhibitor",
    "met inhibitor": "MET tyrosine kinase inhibitor",
    "met type i tyrosine kinase inhibitor": "MET type I inhibitor",
    "mitogen-activated protein kinase kinase inhibitor": "MEK inhibitor",
    "mtor inhibitor": "mTOR inhibitor",
    "pd-1 inhibitor": "PD-1 antibody",
    "pd-1/pd-l1 inhibitor": "PD-1 axis antibody",
    "pd-l1 inhibitor": "PD-L1 antibody",
    "pd1 inhibitor": "PD-1 antibody",
    "phosphatidylinositide 3-kinase inhibitor": "PI3K inhibitor",
    "pi3k alpha inhibitor": "PI3K inhibitor",
    "platinum compound": "platinum compound",
    "platinum doublet": "platinum compound",
    "pyrimidine antagonist": "pyrimidine analogue",
    "ros1 inhibitor": "ROS1 tyrosine kinase inhibitor",
    "smo inhibitor": "hedgehog pathway inhibitor",
    "taxane compound": "taxane",
    "trk inhibitor": "TRK inhibitor",
    "vegf/vegfr inhibitors": "angiogenesis inhibitor",
}


# Names of sources that hold several classes of drugs.yaml: what was shown of all was shown of each.
SEVERAL_CLASSES: dict[str, tuple[str, ...]] = {
    "her2-directed therapy": ("HER2 antibody", "HER2 antibody-drug conjugate", "HER2 tyrosine kinase inhibitor"),
    "pd-1 antibody": ("PD-1 antibody", "PD-1 axis antibody"),
    "pd-l1 antibody": ("PD-L1 antibody", "PD-1 axis antibody"),
    "tubulin inhibitor": ("taxane", "tubulin inhibitor", "vinca alkaloid"),
}


# Diseases that the sources name otherwise than OncoTree; a study of one may be noted under a descendant of the code.
TUMOURS: dict[str, tuple[str, ...]] = {
    "acute lymphoblastic leukemia": ("BLL",),
    "acute myeloid leukemia": ("AML",),
    "all": ("BLL", "TLL"),
    "anaplastic thyroid carcinoma": ("THAP",),
    "b-cell acute lymphoblastic leukemia": ("BLL",),
    "b-lymphoblastic leukemia/lymphoma": ("BLL",),
    "b-lymphoblastic leukemia/lymphoma, bcr-abl1–like": ("BLLBCRABL1L",),
    "biliary tract cancer": ("BILIARY_TRACT",),
    "bladder cancer": ("BLADDER",),
    "bladder carcinoma": ("BLADDER",),
    "breast cancer": ("BREAST",),
    "bronchiolo-alveolar adenocarcinoma": ("LUAD",),
    "cancer": ("TISSUE",),
    "cecum adenocarcinoma": ("COAD",),
    "cervical adenocarcinoma": ("CEAD",),
    "childhood b-cell acute lymphoblastic leukemia": ("BLL",),
    "childhood ependymoma": ("EPM",),
    "childhood low-grade glioma": ("LGGNOS",),
    "childhood pilocytic astrocytoma": ("PAST",),
    "chronic leukemia": ("CELNOS",),
    "chronic lymphocytic leukemia": ("CLLSLL",),
    "chronic myeloid leukemia": ("CML",),
    "colon adenocarcinoma": ("COAD",),
    "colon cancer": ("COADREAD",),
    "colon mucinous adenocarcinoma": ("MACR",),
    "colorectal cancer": ("COADREAD",),
    "endometrial cancer": ("UTERUS",),
    "endometrial carcinoma": ("UCEC",),
    "endometrial serous adenocarcinoma": ("USC",),
    "estrogen-receptor positive breast cancer": ("BREAST",),
    "ewing sarcoma of bone": ("ES",),
    "extramammary paget disease": ("EMPD",),
    "gastric adenocarcinoma": ("STAD",),
    "gastric cancer": ("EGC",),
    "gastrointestinal neuroendocrine tumor": ("GINET",),
    "gastrointestinal stromal tumor": ("GIST",),
    "germ cell tumor": ("TESTIS", "OGCT", "EGCT", "BGCT"),
    "glioblastoma": ("GB",),
    "hairy cell leukemia": ("HCL",),
    "head and neck cancer": ("HNSC",),
    "head and neck squamous cell carcinoma": ("HNSC",),
    "her2-receptor negative breast cancer": ("BREAST",),
    "her2-receptor positive breast cancer": ("BREAST",),
    "high grade glioma": ("HGGNOS",),
    "langerhans cell sarcoma": ("LCH",),
    "langerhans-cell histiocytosis": ("LCH",),
    "laryngeal squamous cell carcinoma": ("LXSC",),
    "leiomyosarcoma": ("LMS", "ULMS"),
    "low grade glioma": ("LGGNOS",),
    "lung acinar adenocarcinoma": ("LUAD",),
    "lung cancer": ("LUNG",),
    "lung carcinoma": ("LUNG",),
    "lung non-small cell carcinoma": ("NSCLC",),
    "lung small cell carcinoma": ("SCLC",),
    "malignant anus melanoma": ("ARMM",),
    "mantle cell lymphoma": ("MCL",),
    "mln": ("MLNER",),
    "mucinous adenocarcinoma": ("LUAD",),
    "mucosal melanoma": ("MEL", "ARMM"),
    "multiple myeloma": ("PCM",),
    "myeloid and lymphoid neoplasms with eosinophilia and abnormalities of pdgfra, pdgfrb, and fgfr1": ("MLNER",),
    "myeloproliferative neoplasm": ("MPN",),
    "oropharynx cancer": ("OPHSC",),
    "ovarian cancer": ("OVARY",),
    "ovarian carcinoma": ("OVARY",),
    "ovarian clear cell carcinoma": ("CCOV",),
    "ovarian serous carcinoma": ("LGSOC",),
    "ovary serous adenocarcinoma": ("LGSOC",),
    "pancreatic cancer": ("PANCREAS",),
    "pancreatic carcinoma": ("PANCREAS",),
    "pancreatic ductal adenocarcinoma": ("PAAD",),
    "papillary thyroid carcinoma": ("THPA",),
    "peritoneal carcinoma": ("PERITONEUM",),
    "salivary gland cancer": ("SACA",),
    "salivary gland carcinoma": ("SACA",),
    "scrotum paget's disease": ("EMPD",),
    "skin melanoma": ("SKCM",),
    "skin squamous cell carcinoma": ("CSCC",),
    "solid tumor": ("TISSUE",),
    "spindle cell sarcoma": ("SARCNOS",),
    "stomach cancer": ("EGC",),
    "stomach carcinoma": ("EGC",),
    "systemic mastocytosis": ("SM",),
    "thymic carcinoma": ("THYC",),
    "transitional cell carcinoma": ("BLADDER",),
    "uterine cancer": ("UTERUS",),
    "uterine corpus endometrial carcinoma": ("UCEC",),
    "uveal melanoma": ("UM",),
}

Interaction = Literal["", "Combination", "Substitutes", "Sequential"]

# Further regimens: the drugs they stand for, and why.
FURTHER_REGIMENS: dict[str, tuple[tuple[str, ...], str]] = {
    "carboplatin/paclitaxel regimen": (("carboplatin", "paclitaxel"), "the name lists the drugs"),
    "durvalumab/tremelimumab regimen": (("durvalumab", "tremelimumab"), "the name lists the drugs"),
    "eap protocol": (("etoposide", "doxorubicin", "cisplatin"), "A is adriamycin, which is doxorubicin"),
    "fac regimen": (("fluorouracil", "doxorubicin", "cyclophosphamide"), "A is adriamycin, which is doxorubicin"),
    "fec regimen": (("fluorouracil", "epirubicin", "cyclophosphamide"), "E is epirubicin"),
    "folfox regimen": (("fluorouracil", "leucovorin", "oxaliplatin"), "as FOLFOX-4, of which it is the general name"),
    "pcv regimen": (("procarbazine", "lomustine", "vincristine"), "C is CCNU, which is lomustine"),
    "r-chop regimen": (
        ("rituximab", "cyclophosphamide", "doxorubicin", "vincristine", "prednisone"),
        "H is hydroxydaunorubicin, which is doxorubicin; O is oncovin, which is vincristine",
    ),
}

# Further diseases: the OncoTree code, and why. Syndromes that
# are no tumour are left out.
FURTHER_DISEASES: dict[str, tuple[str, str]] = {
    "acute promyelocytic leukemia": ("APLPMLRARA", "PML-RARA defines it; OncoTree has no other"),
    "adenosquamous lung carcinoma": ("LUAS", "the same words in another order"),
    "adrenal carcinoma": ("ADRENAL_GLAND", "any cancer of the organ"),
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
    "childhood acute lymphocytic leukemia": (
        "BLL",
        "of the two lineages the one in which nearly all childhood cases are",
    ),
    "cholangiolocellular carcinoma": ("IHCH", "a form of intrahepatic cholangiocarcinoma"),
    "clear cell renal cell carcinoma": ("CCRCC", "the same words in another order"),
    "colon carcinoma": ("COADREAD", "as colon cancer"),
    "colon signet ring adenocarcinoma": ("SRCCR", "the same type, of colon and rectum"),
    "congenital fibrosarcoma": ("IFS", "infantile fibrosarcoma by another name"),
    "congenital mesoblastic nephroma": ("KIDNEY", "OncoTree has no type of its own"),
    "desmoid tumor": ("DES", "desmoid fibromatosis"),
    "desmoplastic infantile ganglioglioma / desmoplastic infantile astrocytoma": ("DIG", "the first of the two"),
    "diffuse large b-cell lymphoma activated b-cell type": ("ABC", "the same type"),
    "diffuse large b-cell lymphoma germinal center b-cell type": ("GCB", "the same type"),
    "diffuse large b-cell lymphoma": ("DLBCLNOS", "not otherwise specified"),
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
    "gastrointestinal carcinoma": ("TISSUE", "OncoTree has no node above the organs of the gut but the root"),
    "glioblastoma proneural subtype": ("GB", "OncoTree does not part glioblastoma by expression"),
    "glioma": ("GNOS", "glioma, not otherwise specified"),
    "head and neck carcinoma": ("HEAD_NECK", "any cancer of the region"),
    "hematologic cancer": ("TISSUE", "OncoTree has no node above all blood cancers but the root"),
    "histiocytic and dendritic cell cancer": ("HDCN", "histiocytic and dendritic cell neoplasms"),
    "inflammatory breast carcinoma": ("IBC", "the same type"),
    "invasive bladder transitional cell carcinoma": ("BLCA", "urothelial carcinoma by its older name"),
    "leukemia": ("TISSUE", "OncoTree has no node above all leukaemias but the root"),
    "lipofibromatosis-like neural tumor": ("SOFT_TISSUE", "OncoTree has no type of its own"),
    "malignant astrocytoma": ("HGGNOS", "a grade, not said whether IDH-mutant"),
    "malignant mesothelioma": ("PLMESO", "nearly always of the pleura"),
    "malignant pleural mesothelioma": ("PLMESO", "the same type"),
    "mammary analogue secretory carcinoma": ("HNMASC", "the same type"),
    "medullary thyroid carcinoma": ("THME", "the same type"),
    "myelodysplastic syndrome": ("MDS", "the same, in the plural"),
    "myxoid liposarcoma": ("MRLS", "myxoid and round-cell liposarcoma are one type"),
    "neuroendocrine tumor": ("NETNOS", "not otherwise specified"),
    "nut midline carcinoma": ("TISSUE", "OncoTree has it only under single organs"),
    "oligodendroglioma": ("ODG", "the same type"),
    "ovarian serous cystadenocarcinoma": ("SOC", "serous ovarian cancer, its grade not said"),
    "pancreatic acinar cell adenocarcinoma": ("PAAC", "the same type"),
    "papillary adenocarcinoma": ("TISSUE", "of no organ named"),
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
    "ureter small cell carcinoma": ("SCBC", "of the urinary tract OncoTree has the bladder's"),
    "urinary bladder cancer": ("BLADDER", "any cancer of the organ"),
    "vagina sarcoma": ("VULVA", "any tumour of vulva and vagina"),
    "vulva squamous cell carcinoma": ("VSC", "the same type, of vulva and vagina"),
    "astrocytoma or oligodendroglioma, grade 2": ("DIFG", "diffuse glioma, above the two"),
    "gastroesophageal adenocarcinoma": ("EGC", "the same type"),
    "pediatric low-grade glioma": ("LGGNOS", "OncoTree does not part it by age"),
    "solid tumor (not colorectal)": ("TISSUE", "any solid tumour but one"),
    "triple-negative breast cancer": ("BREAST", "the receptors are no type of OncoTree"),
    "urothelial carcinoma": ("BLADDER", "of bladder and upper tract alike"),
    "ncit:c132146": ("TISSUE", "a malignant solid tumour"),
    "ncit:c135017": ("NSCLC", "OncoTree does not part it by being squamous"),
    "ncit:c182151": ("DMG", "diffuse midline glioma, H3 K27-altered"),
    "ncit:c27031": ("PANET", "neuroendocrine tumour of the pancreas"),
    "ncit:c3163": ("CLLSLL", "chronic lymphocytic leukaemia"),
    "ncit:c3467": ("MTNN", "cutaneous T-cell lymphomas have no node of their own"),
    "ncit:c3696": ("ENCG", "OncoTree has no subependymal giant cell astrocytoma"),
    "ncit:c7007": ("HMBL", "haemangioblastoma"),
    "ncit:c9385": ("RCC", "the same type"),
}


@dataclass(frozen=True)
class CivicTherapy:
    """One of the rule set's drugs that an item speaks of, and the drugs it was given with, in lower case."""

    drug: str
    given_with: tuple[str, ...] = ()


def tumour_codes(rulebase: Rulebase, disease: str) -> tuple[str, ...]:
    """The OncoTree codes that a source's disease stands for, the first for what was studied; () where none is known."""
    if disease in rulebase.tumour_by_code:
        return (disease,)
    folded = " ".join(disease.casefold().split())
    # The translations come before the names, as the citation check has it.
    further = FURTHER_DISEASES.get(folded)
    codes = TUMOURS.get(folded) or tuple(
        tumour.code for tumour in rulebase.tumour_types if tumour.name.casefold() == folded
    )
    codes = codes or ((further[0],) if further else ())
    return codes if all(code in rulebase.tumour_by_code for code in codes) else ()


def therapies(rulebase: Rulebase, names: tuple[str, ...], interaction: Interaction) -> tuple[CivicTherapy, ...]:
    """The rule set's drugs among ``names``, by name; drugs of one combination, or of one regimen, are given together.

    ``names`` are as CIViC lists them. () where the rule set knows none of them.
    """
    regimens = [_parts(rulebase, name) for name in names]
    if interaction == "Combination":
        regimens = [tuple(part for regimen in regimens for part in regimen)]
    known = {drug.name for drug in rulebase.drugs}
    found: dict[str, CivicTherapy] = {}
    for regimen in regimens:
        for drug in regimen:
            # Where a drug stands alone and in a regimen, the item speaks of it alone too.
            together = tuple(sorted(set(regimen) - {drug}))
            if drug in known and (drug not in found or not together):
                found[drug] = CivicTherapy(drug, together)
    return tuple(found[drug] for drug in sorted(found))


def _parts(rulebase: Rulebase, name: str) -> tuple[str, ...]:
    """The drugs that one entry of CIViC's list stands for, by the rule set's names where it has one."""
    parts = regimen_parts(name)
    # A class of drugs of which CIViC does not name the members stays what it is.
    return tuple(drug_or_class(rulebase, part) for part in parts or (" ".join(name.casefold().split()),))


def regimen_parts(name: str) -> tuple[str, ...]:
    """The drugs that one entry of CIViC's list stands for, as CIViC names them; () for a class without names."""
    folded = " ".join(name.casefold().split())
    if folded in REGIMENS:
        return REGIMENS[folded]
    further = FURTHER_REGIMENS.get(folded)
    return further[0] if further else (folded,)


def drug_or_class(rulebase: Rulebase, name: str) -> str:
    """The rule set's name for a drug, or for a class of drugs in lower case; ``name`` itself where it has neither."""
    known = rulebase.drug_by_name.get(name)
    return known.name if known else CLASSES.get(name, name).casefold()


def listed_therapies(text: str) -> tuple[str, ...]:
    """The therapies of one field, which commas part, though a few names have a comma in them."""
    for name in _NAMES_WITH_COMMA:
        text = text.replace(name, name.replace(",", "\0"))
    return tuple(name.replace("\0", ",") for part in text.split(",") if (name := " ".join(part.split())))
