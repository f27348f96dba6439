"""From light to keypoints and to the contour of the back."""
