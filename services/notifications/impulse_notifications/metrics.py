"""The metrics of the sender, beside those of every service."""

from prometheus_client import Counter, Gauge

MAILS = Counter(
    "impulse_mails_total",
    "Attempts to send an e-mail, by outcome: sent, temporary, permanent, unknown.",
    ["outcome"],
)
QUEUED = Gauge("impulse_mails_queued", "E-mails that wait to be sent.")
SERVER_UP = Gauge("impulse_mail_server_up", "1 while the mail server answers, 0 while it is away.")
