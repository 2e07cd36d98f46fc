"""What is open to a patient: regimens judged by rules for combining, in the order in which they are discussed."""
