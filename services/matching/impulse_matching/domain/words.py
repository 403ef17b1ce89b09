"""What codes are called in the texts that people write: skills and target groups.

A need that says "renovation" shall meet an offer that writes "Renovierung". Codes of partners' own
are read as they are.
"""

from impulse_contracts.codes import Skill, TargetGroup

_WORDS: dict[str, str] = {str(code): code.de for codes in (TargetGroup, Skill) for code in codes}


def spelled(code: str) -> str:
    """The German word for a skill or target group; an unknown code with spaces instead of `_`."""
    return _WORDS.get(code) or code.replace("_", " ")
