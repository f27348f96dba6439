from kiosk.screen.figure import feet_share, mirrored, standing
from kiosk.screen.samples import person


def test_the_figure_faces_the_way_the_mirror_shows() -> None:
    pose = person(lean_deg=70)  # leans to the right of the camera's picture
    figure = mirrored(pose, (640, 480), 0.5)
    assert figure.head is not None
    feet = feet_share(pose) * 640
    assert figure.head[0] < feet


def test_the_picture_is_scaled_to_the_box_and_set_around_the_centre() -> None:
    pose = person()
    small, large = (mirrored(pose, size, feet_share(pose)) for size in ((320, 240), (640, 480)))
    assert small.head is not None
    assert large.head is not None
    assert abs(2 * small.head[1] - large.head[1]) <= 1
    ankle = large.near[-2][-1]
    assert abs(ankle[0] - 320) < 10


def test_what_is_not_seen_is_not_drawn() -> None:
    pose = person()
    pose.keypoints[:, 2] = 0.05
    figure = mirrored(pose, (640, 480), feet_share(pose))
    assert (figure.near, figure.far, figure.head) == ((), (), None)


def test_the_side_seen_better_is_near() -> None:
    pose = person()
    figure = mirrored(pose, (640, 480), 0.5)
    swapped = pose.keypoints.copy()
    swapped[5::2, 2], swapped[6::2, 2] = pose.keypoints[6::2, 2], pose.keypoints[5::2, 2]
    pose.keypoints[:] = swapped
    other = mirrored(pose, (640, 480), 0.5)
    assert figure.far != other.far
    assert set(other.far) <= set(figure.near)


def test_the_sign_stands_on_its_box() -> None:
    for size in ((300, 800), (800, 300)):
        figure = standing(size)
        points = [point for line in figure.near for point in line]
        assert all(0 <= x <= size[0] and 0 <= y <= size[1] for x, y in points)
