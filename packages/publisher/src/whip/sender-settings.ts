/** Defines how a browser is told to send by WebRTC: codecs, bitrate, size, and what suffers on a slow uplink. */
import type { VideoLimits } from "../supervise/publisher-types.ts";
import { scaleDown, usualKbps } from "../websocket/video-settings.ts";

/** H.264 passes through the server as it is; the others are taken, and cost a transcode where a viewer cannot play them. */
const ORDER = ["video/h264", "video/vp8", "video/vp9", "video/av1"];

/** Browsers make no picture smaller than about this, so a machine with too much to do would go on encoding all of its frames. */
const LEAST_LINES = 240;

/** Puts H.264 first: in its baseline profile with packetization mode 1, which every browser has. */
export function preferH264(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpSender.getCapabilities("video")?.codecs ?? [];
  const rank = ({ mimeType, sdpFmtpLine = "" }: RTCRtpCodec): number => {
    const place = ORDER.indexOf(mimeType.toLowerCase());
    const isMode1 = /packetization-mode=1/.test(sdpFmtpLine);
    const isBaseline = /profile-level-id=42e0/i.test(sdpFmtpLine);
    return (place < 0 ? ORDER.length : place) + (place === 0 ? (isMode1 ? 0 : 0.4) + (isBaseline ? 0 : 0.2) : 0);
  };
  try {
    transceiver.setCodecPreferences([...codecs].sort((a, b) => rank(a) - rank(b)));
  } catch {
    // The browser's own order is offered.
  }
}

/** Takes effect without another negotiation. A second call has to wait for the first. */
export async function limitSender(sender: RTCRtpSender, limits: VideoLimits, content: "motion" | "detail"): Promise<void> {
  const { width = 1280, height = 720 } = sender.track?.getSettings() ?? {};
  const parameters = sender.getParameters();
  const scale = scaleDown({ width, height }, limits.maxLines);
  const maxBitrate = (limits.maxKbps ?? usualKbps({ width: width / scale, height: height / scale })) * 1000;
  for (const encoding of parameters.encodings) {
    encoding.maxBitrate = maxBitrate;
    encoding.scaleResolutionDownBy = scale;
    if (limits.maxFps === null) delete encoding.maxFramerate;
    else encoding.maxFramerate = limits.maxFps;
  }
  const isSmall = Math.min(width, height) / scale < LEAST_LINES;
  parameters.degradationPreference = content === "detail" || isSmall ? "maintain-resolution" : "maintain-framerate";
  // A browser that does not know one of them keeps its own.
  await sender.setParameters(parameters).catch(() => {});
}
