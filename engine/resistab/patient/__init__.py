"""What was measured in the patient, and how it is read from what people write."""
