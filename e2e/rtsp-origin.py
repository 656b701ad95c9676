"""An RTSP server for tests: serves each file of a folder, parsed and not encoded again, as a camera would. Prints its port.

    python3 rtsp-origin.py FOLDER [USER PASSWORD]
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PARSERS = {
    "h264-aac.mp4": ("h264parse ! rtph264pay", "aacparse ! rtpmp4gpay"),
    "hevc-aac.mp4": ("h265parse ! rtph265pay", "aacparse ! rtpmp4gpay"),
    "h264-alaw.mkv": ("h264parse ! rtph264pay", "rtppcmapay"),
    "h264-mulaw.mkv": ("h264parse ! rtph264pay", "rtppcmupay"),
    "h264.mp4": ("h264parse ! rtph264pay", None),
}


def main(folder, user=None, password=None):
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    if user:
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "user")
        auth.add_digest(user, password, token)
        server.set_auth(auth)
    for name, (video, audio) in PARSERS.items():
        demuxer = "matroskademux" if name.endswith(".mkv") else "qtdemux"
        launch = f"( filesrc location={folder}/{name} ! {demuxer} name=d d. ! queue ! {video} name=pay0 pt=96 config-interval=-1"
        if video.endswith("rtph264pay"):
            launch = launch.replace("rtph264pay", "rtph264pay aggregate-mode=zero-latency")
        if audio:
            launch += f" d. ! queue ! {audio} name=pay1 pt={97 if 'mp4g' in audio else 8 if 'pcma' in audio else 0}"
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch + " )")
        factory.set_shared(False)
        if user:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("user", "media.factory.access", True)
            permissions.add_permission_for_role("user", "media.factory.construct", True)
            factory.set_permissions(permissions)
        server.get_mount_points().add_factory("/" + name.split(".")[0], factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main(*sys.argv[1:])
