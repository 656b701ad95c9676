/**
 * Publishes by WHIP as OBS Studio does, with libdatachannel: a description without trickle ICE, bundled, sendonly. The packets are ffmpeg's, as they
 * are: a test may drop or spoil some of them.
 */
import { createSocket, type Socket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { Audio, PeerConnection, type Track, Video } from "node-datachannel";
import { ffmpeg } from "./ffmpeg.ts";
import type { Scope } from "./lectern.ts";
import { endWithThreads } from "./library-threads.ts";

export type RtpPublisher = {
  readonly status: number;
  /** Of the problem, where it was refused. */
  readonly code: string | null;
  readonly location: string | null;
  /** Of the header `Link`. */
  readonly links: readonly string[];
  readonly state: () => string;
  /** What the server sends: RTCP. */
  readonly heard: Uint8Array[];
  readonly tracks: { readonly video: Track; readonly audio: Track };
  readonly close: () => void;
};

export type RtpPublisherOptions = {
  readonly url: string;
  readonly key?: string;
  /** Changes the offer before it is sent. */
  readonly offer?: (sdp: string) => string;
  /** Changes the answer before it is used. */
  readonly answer?: (sdp: string) => string;
};

export const PAYLOAD_TYPE = { video: 96, audio: 111 } as const;
export const SSRC = { video: 4321, audio: 1234 } as const;
const CONNECTED_WITHIN_MS = 15_000;

endWithThreads();

export async function rtpPublisher(t: Scope, options: RtpPublisherOptions): Promise<RtpPublisher> {
  const { url, key, offer = same, answer = same } = options;
  const connection = new PeerConnection("publisher", { iceServers: [] });
  t.after(() => connection.close());
  const audio = new Audio("0", "SendOnly");
  audio.addOpusCodec(PAYLOAD_TYPE.audio);
  audio.addSSRC(SSRC.audio, "cname", "stream", "audio");
  const video = new Video("1", "SendOnly");
  video.addH264Codec(PAYLOAD_TYPE.video);
  video.addSSRC(SSRC.video, "cname", "stream", "video");
  const tracks = { audio: connection.addTrack(audio), video: connection.addTrack(video) };
  const heard: Uint8Array[] = [];
  for (const track of Object.values(tracks)) track.onMessage((bytes) => heard.push(bytes));
  await new Promise<void>((resolve) => {
    connection.onGatheringStateChange((state) => state === "complete" && resolve());
    connection.setLocalDescription("offer");
  });
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/sdp", ...(key ? { authorization: `Bearer ${key}` } : {}) },
    body: offer(connection.localDescription()?.sdp ?? ""),
  });
  const text = await response.text();
  if (response.status === 201) connection.setRemoteDescription(answer(text), "answer");
  const location = response.headers.get("location");
  return {
    status: response.status,
    code: response.status === 201 ? null : (JSON.parse(text) as { code: string }).code,
    location: location && new URL(location, url).href,
    links: (response.headers.get("link") ?? "").split(/, (?=<)/),
    state: () => connection.state(),
    heard,
    tracks,
    close: () => connection.close(),
  };
}

/** Resolves when ICE and DTLS are done. */
export async function whenConnected({ tracks }: RtpPublisher): Promise<void> {
  const until = performance.now() + CONNECTED_WITHIN_MS;
  while (!tracks.video.isOpen()) {
    if (performance.now() > until) throw new Error("the publisher is not connected in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export type Sent = { readonly kind: "video" | "audio"; readonly bytes: Buffer };

/** Publishes a file in real time. @param change what is sent instead of a packet of RTP or RTCP */
export async function sendFile(
  t: Scope,
  { tracks }: RtpPublisher,
  file: string,
  change: (sent: Sent) => readonly Buffer[] = ({ bytes }) => [bytes],
): Promise<void> {
  const ports: Record<"video" | "audio", number> = { video: 0, audio: 0 };
  for (const kind of ["video", "audio"] as const) {
    const take = (bytes: Buffer) => {
      for (const packet of change({ kind, bytes })) if (tracks[kind].isOpen()) tracks[kind].sendMessageBinary(packet);
    };
    ports[kind] = await receivePair(t, take);
  }
  const to = (kind: "video" | "audio") => `rtp://127.0.0.1:${ports[kind]}?rtcpport=${ports[kind] + 1}&pkt_size=1200`;
  const rtp = (kind: "video" | "audio") => [
    "-payload_type",
    String(PAYLOAD_TYPE[kind]),
    "-ssrc",
    String(SSRC[kind]),
    "-f",
    "rtp",
    to(kind),
  ];
  ffmpeg(t, [
    ...["-re", "-i", file],
    ...["-map", "0:v", "-c:v", "copy", "-bsf:v", "h264_mp4toannexb", ...rtp("video")],
    ...["-map", "0:a", "-c:a", "libopus", "-b:a", "64k", ...rtp("audio")],
  ]);
}

/** A port for RTP, and the one above it for RTCP. */
async function receivePair(t: Scope, take: (bytes: Buffer) => void): Promise<number> {
  for (;;) {
    const rtp = await bind(t, 0);
    if (!rtp) continue;
    const { port } = rtp.address() as AddressInfo;
    const rtcp = await bind(t, port + 1);
    if (!rtcp) continue;
    for (const socket of [rtp, rtcp]) socket.on("message", take);
    return port;
  }
}

function bind(t: Scope, port: number): Promise<Socket | null> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", () => resolve(null));
    socket.bind(port, "127.0.0.1", () => {
      t.after(() => socket.close());
      resolve(socket);
    });
  });
}

function same(text: string): string {
  return text;
}
