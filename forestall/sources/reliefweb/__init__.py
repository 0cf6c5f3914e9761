"""Reports and disasters of ReliefWeb."""
