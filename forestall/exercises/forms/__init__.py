"""How an item becomes the bytes an office would receive: mail, paper, Word, page, plain text, feed, table, archive.

Every form says that it is an exercise, in the item's own language, and gives the same bytes each time.
"""
