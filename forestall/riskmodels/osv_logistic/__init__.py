"""Regularised logistic regression for one-sided violence in the coming year."""
