"""What goes wrong in the local stack."""


class StackError(Exception):
    """The stack can't do its work; the message says what, where and what to do."""
