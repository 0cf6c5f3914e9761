"""One folder per fictional country with its crisis: the demo, the tests and the training seminars use them."""
