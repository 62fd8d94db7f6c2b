"""The app in a real browser: what a person sees and does, at desk and phone width.

A package, so that its tests can share one browser, which ends with the last of them.
"""
