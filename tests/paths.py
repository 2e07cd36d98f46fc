"""Where tests find what they read."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
EXAMPLES = ROOT / "examples"
REPORTS = ROOT / "reports"
# Data that is no part of the project, beside the checkout; tests that compare with it are skipped without it.
SHARED = ROOT.parent / "shared"

FIXTURES = TESTS / "fixtures"
SMALL = FIXTURES / "small_rulebase"
SMALL_VIRUS = FIXTURES / "small_virus"
SMALL_PHARMACOGENOMICS = FIXTURES / "small_pharmacogenomics"
BROKEN = FIXTURES / "broken"
BROKEN_VIRUS = FIXTURES / "broken_virus"
SEQUENCES = FIXTURES / "sequences"
# An algorithm with every form of rule there is.
COMPLETE_ASI = FIXTURES / "asi" / "complete.xml"
