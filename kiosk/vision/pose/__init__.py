"""From a frame to seventeen keypoints; recorded keypoints as well."""
