"""The gym mirror: light → pose → body → coach → screen, sound and history."""
