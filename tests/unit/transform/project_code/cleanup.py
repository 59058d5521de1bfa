"""A project's own file, for the examples of the step `python`."""


def tidy(value: str) -> str:
    return value.strip()
