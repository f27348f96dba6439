"""Contrast as WCAG 2.2 defines it."""

from kiosk.ui.screen.toolkit.theme import BLACK, Colour


def contrast(colour: Colour, background: Colour = BLACK) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
