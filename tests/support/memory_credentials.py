"""A place for tokens that ends with the process, held to the contract tests of its port."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from factorypos_tui.core.credentials import Held, Rest
from factorypos_tui.core.errors import UsageError


@dataclass
class MemoryCredentials:
    """Tokens that end with the process."""

    tokens: dict[str, str] = field(default_factory=dict)
    backend: str = "memory"
    encrypted: bool = True

    def get(self, name: str) -> str | None:
        return self.tokens.get(name)

    def set(self, name: str, token: str) -> None:
        self.tokens[name] = token

    def delete(self, name: str) -> None:
        self.tokens.pop(name, None)

    def place(self, name: str) -> str | None:
        return self.backend if name in self.tokens else None

    def look(self, name: str) -> Sequence[Rest]:
        held = Held.IN_USE if name in self.tokens else Held.NOTHING
        return [Rest(self.backend, self.encrypted, held)]

    def move(self, name: str, place: str) -> bool:
        if place != self.backend:
            raise UsageError(place)
        return name in self.tokens
