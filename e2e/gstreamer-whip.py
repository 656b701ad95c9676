"""Publishes a moving picture and a tone by WHIP (RFC 9725) with GStreamer's own WebRTC, as its `whipclientsink` does. Ends at a signal, with DELETE.

    python3 gstreamer-whip.py http://HOST:PORT/live/NAME/whip KEY
"""

import signal
import sys
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

PICTURE = (
    "videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=25/1 ! openh264enc gop-size=50 bitrate=300000 ! h264parse config-interval=-1"
    " ! rtph264pay aggregate-mode=zero-latency ! application/x-rtp,media=video,encoding-name=H264,payload=96 ! out."
)
SOUND = "audiotestsrc is-live=true ! audioconvert ! opusenc ! rtpopuspay ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! out."


def main(endpoint, key):
    Gst.init(None)
    pipeline = Gst.parse_launch(f"webrtcbin name=out bundle-policy=max-bundle {PICTURE} {SOUND}")
    out = pipeline.get_by_name("out")
    loop = GLib.MainLoop()
    session = []

    def request(method, address, body=None):
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/sdp"}
        return urllib.request.urlopen(urllib.request.Request(address, data=body, headers=headers, method=method), timeout=30)

    def gathered(*_):
        # Not trickled: the offer has all candidates.
        if session or out.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            return
        offer = out.get_property("local-description").sdp.as_text()
        response = request("POST", endpoint, offer.encode())
        session.append(urllib.request.urljoin(endpoint, response.headers["Location"]))
        _, sdp = GstSdp.SDPMessage.new_from_text(response.read().decode())
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
        out.emit("set-remote-description", answer, Gst.Promise.new())
        print("published", flush=True)

    def offered(promise, *_):
        # The description lives as long as the reply.
        reply = promise.get_reply()
        out.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())

    out.connect("on-negotiation-needed", lambda *_: out.emit("create-offer", None, Gst.Promise.new_with_change_func(offered)))
    out.connect("notify::ice-gathering-state", gathered)
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, loop.quit)
    pipeline.set_state(Gst.State.PLAYING)
    loop.run()
    for address in session:
        request("DELETE", address)
    pipeline.set_state(Gst.State.NULL)


main(*sys.argv[1:])
