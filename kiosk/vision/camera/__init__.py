"""Light: the Pi camera, a USB camera or a film, all as one stream of frames."""
