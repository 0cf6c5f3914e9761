"""The source vault: who our sources really are, apart from everything else, sealed, and opened by two people."""
