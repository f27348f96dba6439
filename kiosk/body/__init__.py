"""The body: from keypoints to angles, travels and a standing baseline. Pure."""
