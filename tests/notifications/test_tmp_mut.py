from impulse_notifications import handlers as h
def test_mut(engine_of, monkeypatch):
    monkeypatch.setattr(h, "lock_audience", lambda tx, change: None)
    from tests.notifications.test_handlers import test_two_replicas_miss_nobody as t
    t(engine_of)
