"""Which of the 17 goals of sustainable development of the United Nations a topic serves."""

from impulse_contracts.codes import SocietalTopic

SERVED: dict[SocietalTopic, tuple[int, ...]] = {
    SocietalTopic.EDUCATION_EQUITY: (4, 10),
    SocietalTopic.LABOUR_MARKET_ACCESS: (8,),
    SocietalTopic.INTEGRATION_NEWCOMERS: (10,),
    SocietalTopic.CLIMATE_IMPACT: (11, 13),
    SocietalTopic.SOCIAL_COHESION: (10, 11),
    SocietalTopic.LIBERAL_DEMOCRACY: (16,),
}
NAMES: dict[int, tuple[str, str]] = {
    4: ("hochwertige Bildung", "quality education"),
    8: ("menschenwürdige Arbeit und Wirtschaftswachstum", "decent work and economic growth"),
    10: ("weniger Ungleichheiten", "reduced inequalities"),
    11: ("nachhaltige Städte und Gemeinden", "sustainable cities and communities"),
    13: ("Maßnahmen zum Klimaschutz", "climate action"),
    16: (
        "Frieden, Gerechtigkeit und starke Institutionen",
        "peace, justice and strong institutions",
    ),
}
"""German and English names of the goals that the topics serve."""

GOALS_OF: dict[SocietalTopic, int] = {
    topic: sum(1 << goal for goal in goals) for topic, goals in SERVED.items()
}
"""The goals of a topic as a bit mask."""
