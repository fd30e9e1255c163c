"""From verdicts to findings with culprits: groups, smallest sets of wrong cells, and how they are told."""
