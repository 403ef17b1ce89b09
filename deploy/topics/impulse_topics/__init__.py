"""Creates the topics of the registry on a Kafka cluster and keeps their settings as it says."""

from impulse_topics.provisioning import Changes, TopicError, provision, wanted

__all__ = ["Changes", "TopicError", "provision", "wanted"]
