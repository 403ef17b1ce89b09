"""The JSON API; things look as the facts about them do."""
