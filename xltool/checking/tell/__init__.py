"""What is said of a finding, and how."""
