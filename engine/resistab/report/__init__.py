"""What every report has: frame, console, folder, table, timeline, cohort."""
