"""Whether the person before the mirror is alone, steadied: one look alone may be wrong."""

LOOKS = 2
"""So many looks in a row must say otherwise before the answer changes."""


class BystanderFilter:
    """Follows what the looks say.

    Attributes:
        alone: None until somebody has looked; then True, until two looks in a row have seen
            somebody, and again once two in a row have seen nobody.
    """

    def __init__(self) -> None:
        self.alone: bool | None = None
        self._otherwise = 0

    def note(self, bystander: bool | None) -> None:
        """Takes one moment's look; None where nobody looked."""
        if bystander is None:
            return
        if self.alone is None:
            self.alone = True
        self._otherwise = self._otherwise + 1 if bystander == self.alone else 0
        if self._otherwise >= LOOKS:
            self.alone, self._otherwise = not self.alone, 0
