/** Chooses what a viewer is sent of what its offer takes: H.264 and Opus, and how it reports about them. */
import { randomBytes } from "node:crypto";
import { RTP_EXTENSION, type RtpExtension, type RtpSender } from "@lectern/media";
import type { AnsweredMedia } from "../sdp/answer.ts";
import { h264Of, opusOf } from "../sdp/choose-codecs.ts";
import type { Offer, OfferedMedia } from "../sdp/offer.ts";
import type { OfferedCodec } from "../sdp/offered-codecs.ts";

export type WatchedMedium = {
  readonly mid: string;
  readonly answer: AnsweredMedia;
  readonly sender: RtpSender;
  /** The time of sending in each packet, which is written before each turn; null where it was not agreed on. */
  readonly sendTime: Uint8Array | null;
};

export type WatchedMedia = { readonly video: WatchedMedium | null; readonly audio: WatchedMedium | null };

/** What there is to send. */
export type SentKinds = { readonly video: boolean; readonly audio: boolean };

const SEND_TIME_BYTES = 3;

/**
 * The first medium of each kind that there is something to send for. "no-media": the offer takes nothing of that; "no-codec": only in codecs that
 * are not sent. A viewer who could have the sound alone, though it wants the picture, is refused too: by FLV or HLS it gets both. Firefox without its
 * H.264 plugin, which it downloads after its first start, is such a viewer.
 * @param stream names what belongs together (RFC 8830)
 */
export function chooseWatched(offer: Offer, kinds: SentKinds, stream: string): WatchedMedia | "no-media" | "no-codec" {
  const taken = offer.media.filter((medium) => isTaken(medium) && medium.kind !== "other" && kinds[medium.kind]);
  if (taken.length === 0) return "no-media";
  const video = firstOf(taken, "video", h264Of);
  const audio = firstOf(taken, "audio", opusOf);
  const isVideoLost = !video && taken.some(({ kind }) => kind === "video");
  if (isVideoLost || (!video && !audio)) return "no-codec";
  return {
    video: video && videoMedium(video.offered, video.codec, stream),
    audio: audio && audioMedium(audio.offered, audio.codec, stream),
  };
}

/** Whether the viewer wants to see something. */
export function wantsVideo({ media }: Offer): boolean {
  return media.some((medium) => isTaken(medium) && medium.kind === "video");
}

function isTaken({ isUnusable, direction }: OfferedMedia): boolean {
  return !isUnusable && (direction === "recvonly" || direction === "sendrecv");
}

/** Whether a later offer takes the same under the same numbers. */
export function isSameMedia(a: WatchedMedia, b: WatchedMedia): boolean {
  const key = ({ video, audio }: WatchedMedia) =>
    [video, audio]
      .map((one) => one && [one.mid, one.sender.payloadType, one.answer.codec.name, one.answer.extensions].join(" "))
      .join();
  return key(a) === key(b);
}

type Chosen = { readonly offered: OfferedMedia; readonly codec: OfferedCodec };

function firstOf(
  media: readonly OfferedMedia[],
  kind: string,
  choose: (offered: OfferedMedia) => OfferedCodec | null,
): Chosen | null {
  for (const offered of media) {
    const codec = offered.kind === kind ? choose(offered) : null;
    if (codec) return { offered, codec };
  }
  return null;
}

/**
 * A viewer that can sum up what its connection carries (REMB) does: it reports once a second or on changes, where transport-wide feedback comes twenty times a
 * second from each of a thousand viewers. The others give that feedback.
 */
function videoMedium(offered: OfferedMedia, codec: OfferedCodec, stream: string): WatchedMedium {
  const sumsUp = codec.feedback.includes("goog-remb");
  const timeId = sumsUp ? offered.extensions.get(RTP_EXTENSION.absoluteSendTime) : undefined;
  const counts = !sumsUp && codec.feedback.includes("transport-cc");
  const countId = counts ? (offered.extensions.get(RTP_EXTENSION.transportSequence) ?? null) : null;
  const sendTime = timeId === undefined ? null : new Uint8Array(SEND_TIME_BYTES);
  const fixed: readonly RtpExtension[] = timeId === undefined || !sendTime ? [] : [{ id: timeId, data: sendTime }];
  const extensions = [
    ...(sendTime ? [RTP_EXTENSION.absoluteSendTime] : []),
    ...(countId === null ? [] : [RTP_EXTENSION.transportSequence]),
  ];
  const ssrc = randomSsrc();
  return {
    mid: offered.mid,
    answer: {
      direction: "sendonly",
      codec,
      format: codec.format,
      extensions,
      isRetransmitted: false,
      feedback: ["nack", "nack pli", "ccm fir", sumsUp ? "goog-remb" : "transport-cc"],
      source: { ssrc, retransmission: null, stream },
    },
    sender: { payloadType: codec.payloadType, ssrc, transportSequenceId: countId, fixed },
    sendTime,
  };
}

function audioMedium(offered: OfferedMedia, codec: OfferedCodec, stream: string): WatchedMedium {
  const ssrc = randomSsrc();
  return {
    mid: offered.mid,
    answer: {
      direction: "sendonly",
      codec,
      extensions: [],
      isRetransmitted: false,
      // RFC 7587 section 6.1.
      format: "minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1",
      feedback: ["nack"],
      source: { ssrc, retransmission: null, stream },
    },
    sender: { payloadType: codec.payloadType, ssrc, transportSequenceId: null, fixed: [] },
    sendTime: null,
  };
}

function randomSsrc(): number {
  return randomBytes(4).readUInt32BE() || 1;
}

/** Seconds with 18 bits of a fraction and six before it: the extension `abs-send-time`. @param utc milliseconds since 1970 */
export function writeSendTime(into: Uint8Array, utc: number): void {
  const fixed = Math.floor((utc % 64_000) * 262.144);
  into[0] = fixed >> 16;
  into[1] = fixed >> 8;
  into[2] = fixed;
}
