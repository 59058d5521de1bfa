"""Call a function of the project: `module:function`, in ``module.py`` beside the mapping.

For what no step can do. The function takes the value and returns the new one; with a parameter named ``context`` it is given
``context.row`` and ``context.note(code, detail)`` too; it may raise SetAside (migrator.errors) to reject the row. It is run
only where the command has ``--allow-python``: read the file first. Null stays null; a list goes through it entry by entry.
"""

from __future__ import annotations

import inspect
from typing import Any

from migrator.ports import Step, StepContext
from migrator.transform.project_code import ProjectFunction
from migrator.transform.verb import Argument

ARGUMENTS = (Argument("function", "python", "module:function", required=True),)
NOTES = True
GIVES = "any"
EXAMPLES = (("cleanup:tidy", " Lũ lụt ", "Lũ lụt"), ("cleanup:tidy", None, None))


def make(function: ProjectFunction) -> Step:
    """The step. ValueError for a function that cannot be called with a value, and a context if it asks for one."""
    call = function.call
    signature = inspect.signature(call)
    wants_context = "context" in signature.parameters
    try:
        signature.bind(None, context=None) if wants_context else signature.bind(None)
    except TypeError as error:
        raise ValueError("the function must take the value, or the value and the context") from error

    def step(value: Any, context: StepContext) -> Any:
        return call(value, context=context) if wants_context else call(value)

    return step
