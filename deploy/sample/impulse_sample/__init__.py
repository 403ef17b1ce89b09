"""A sample of real organisations and of example offers and needs, and their publisher.

A partner system like any other: it knows the public contract, the broker's address and nothing
else of Impulse. `python -m impulse_sample` publishes it all and drives one cooperation.
"""
