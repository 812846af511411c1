"""A ROS 2 node that publishes where people would look: the first hotspot and the followed region.

It reads the lines of ``salviewer watch --jsonl`` and needs nothing but salviewer and the standard messages::

    python3 ros2_gaze.py --ros-args -p source:=rtsp://camera/live

``gaze_of`` says what a line means, without ROS.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Gaze:
    """What is published of a frame.

    Attributes:
        stamp: nanoseconds since 1970, by the sender's clock if it sends one (RTCP), else this computer's at
            the moment at which the frame was decoded.
        hotspot: x and y in pixels from the top left corner, and its share of attention, 0 to 1; None without.
        region: corners in pixels, clockwise from the top left; None when none is followed.
    """

    stamp: int
    hotspot: tuple[float, float, float] | None
    region: tuple[tuple[float, float], ...] | None


def gaze_of(line: dict[str, Any]) -> Gaze | None:
    """Read a line of ``salviewer watch --jsonl``; None unless it is about a frame.

    >>> gaze_of({"event": "frame", "time": "2026-01-01T00:00:00.500+00:00", "source_time": None,
    ...          "hotspots": [{"pixels": [10.0, 20.0], "share": 0.25}]})
    Gaze(stamp=1767225600500000000, hotspot=(10.0, 20.0, 0.25), region=None)
    """
    if line["event"] != "frame":
        return None
    moment = datetime.fromisoformat(line["source_time"] or line["time"])
    stamp = round(moment.timestamp() * 1000) * 1_000_000  # the lines have milliseconds
    hotspot = next(((*spot["pixels"], spot["share"]) for spot in line["hotspots"]), None)
    region = None
    if "region" in line:
        left, top, right, bottom = line["region"]["pixels"]
        region = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Gaze(stamp, hotspot, region)


def main() -> None:
    """Run the node until it is stopped."""
    import rclpy
    from geometry_msgs.msg import Point32, PointStamped, PolygonStamped
    from rclpy.node import Node
    from rclpy.time import Time

    rclpy.init()
    node = Node("salviewer")
    node.declare_parameter("source", "0")
    node.declare_parameter("frame_id", "camera")
    spots = node.create_publisher(PointStamped, "gaze/hotspot", 10)
    regions = node.create_publisher(PolygonStamped, "gaze/region", 10)

    def stamped(message: Any, gaze: Gaze) -> Any:
        message.header.stamp = Time(nanoseconds=gaze.stamp).to_msg()
        message.header.frame_id = node.get_parameter("frame_id").value
        return message

    def publish(gaze: Gaze) -> None:
        if gaze.hotspot is not None:
            spot = PointStamped()
            spot.point.x, spot.point.y, spot.point.z = gaze.hotspot
            spots.publish(stamped(spot, gaze))
        if gaze.region is not None:
            region = PolygonStamped()
            region.polygon.points = [Point32(x=x, y=y) for x, y in gaze.region]
            regions.publish(stamped(region, gaze))

    source = node.get_parameter("source").value
    command = ["salviewer", "watch", source, "--jsonl", "--follow", "--reconnect", "1", "--hotspots", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        try:
            for text in watching.stdout or ():
                if not rclpy.ok():
                    break
                line = json.loads(text)
                if line["event"] in ("lost", "note"):
                    node.get_logger().warning(line.get("reason") or line["text"])
                if (gaze := gaze_of(line)) is not None:
                    publish(gaze)
        finally:
            watching.terminate()
    node.destroy_node()
    rclpy.try_shutdown()


if __name__ == "__main__":
    main()
