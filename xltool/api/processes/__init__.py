"""Work on many files in processes of this machine, or of a cluster: what one file does harms no other."""
