"""Pose: from a frame to seventeen keypoints."""
