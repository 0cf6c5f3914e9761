"""advising"""
