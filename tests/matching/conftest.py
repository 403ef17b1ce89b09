"""Hypothesis in the tests of matching: no deadline, for the machine may be busy with brokers."""

from hypothesis import HealthCheck, settings

settings.register_profile("matching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("matching")
