"""What is needed of `typing` and `contextlib`, at no cost: a search is a new process, and `typing` with the code that it
writes for each named tuple is a quarter of the time that our own modules take to load.

For a type checker these are the names of those modules themselves.
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import contextmanager as contextmanager
    from typing import Any as Any
    from typing import NamedTuple as NamedTuple
    from typing import Protocol as Protocol
    from typing import TypeVar as TypeVar
else:
    Any = Protocol = object

    def TypeVar(name, **bounds):  # noqa: N802 - it stands for the class
        return name

    def contextmanager(generator):
        """Return the context manager that `contextlib`, loaded when one is entered, makes of a generator function."""

        def made(*values, **named):
            from contextlib import contextmanager

            return contextmanager(generator)(*values, **named)

        return made

    class _Named(type):
        """Makes a class whose annotations are its fields, as `typing.NamedTuple` does."""

        def __new__(cls, name, bases, body):
            fields = tuple(body.get("__annotations__", ()))
            body["__slots__"] = ()
            body["__match_args__"] = body["_fields"] = fields
            body["_field_defaults"] = {field: body[field] for field in fields if field in body}
            body["_last"] = tuple(body["_field_defaults"].values())  # of the last fields: others have none
            body |= {field: _tuplegetter(at, "") for at, field in enumerate(fields)}
            return super().__new__(cls, name, bases, body)

    class NamedTuple(tuple, metaclass=_Named):
        """A tuple whose places have names.

        >>> class Hit(NamedTuple):
        ...     row: int
        ...     score: float = 0.0
        >>> Hit(3), Hit(score=2.0, row=3)._replace(row=4).row, Hit(3) == (3, 0.0)
        (Hit(row=3, score=0.0), 4, True)
        """

        def __new__(cls, *values, **named):
            missing = len(cls._fields) - len(values)
            if named or not 0 <= missing <= len(cls._last):
                values = cls._filled(values, named)
            elif missing:
                values += cls._last[-missing:]
            return tuple.__new__(cls, values)

        @classmethod
        def _filled(cls, values, named):
            """Return the values of all fields: given in order, by name, or by default."""
            known = dict(zip(cls._fields, values, strict=False))
            if len(values) > len(cls._fields) or known.keys() & named.keys():
                raise TypeError(f"{cls.__name__}() got too many values")
            known |= named
            if unknown := named.keys() - set(cls._fields):
                raise TypeError(f"{cls.__name__}() got an unexpected keyword argument {min(unknown)!r}")
            try:
                return [known[field] if field in known else cls._field_defaults[field] for field in cls._fields]
            except KeyError as e:
                raise TypeError(f"{cls.__name__}() missing a value for {e.args[0]!r}") from None

        _make = classmethod(tuple.__new__)  # of all fields, which are not counted: some hundred are made a search

        def _replace(self, **named):
            values = list(map(named.pop, self._fields, self))
            return type(self)(*values, **named)  # a name that is left is none of a field

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self):
            return tuple(self)
