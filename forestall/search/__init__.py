"""Finding what the house holds, inside what the bound session may see and in nothing else."""
