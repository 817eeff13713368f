"""The service's figures: what each means, which episodes it counts, and how sure that is (assessment.md 4)."""
