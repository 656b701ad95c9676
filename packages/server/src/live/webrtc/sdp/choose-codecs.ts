/** Chooses what a publisher sends: H.264 and Opus where they are offered, else a codec of which H.264 can be made. */
import { RTP_EXTENSION } from "@lectern/media";
import type { AnsweredMedia } from "./answer.ts";
import type { Offer, OfferedMedia } from "./offer.ts";
import type { OfferedCodec } from "./offered-codecs.ts";

/** What is taken from a publisher. A null: the offer has no medium of this kind that is sent. */
export type ChosenMedia = {
  readonly audio: ChosenMedium | null;
  readonly video: ChosenMedium | null;
};

export type ChosenMedium = { readonly offered: OfferedMedia; readonly codec: OfferedCodec };

/** In the order of preference: H.264 reaches every viewer as it is. */
const VIDEO_CODECS = ["h264", "vp8", "vp9", "av1"];

/** What cannot be published. `too-many-media`: a second sound or picture (RFC 9725 section 4.4.2); `no-codec`: a track has none that is known here. */
export type Unpublishable = "no-media" | "too-many-media" | "no-codec";

/** The medium of each kind that is sent. */
export function choosePublished(offer: Offer): ChosenMedia | Unpublishable {
  const sent = offer.media.filter(
    ({ isUnusable, direction }) => !isUnusable && (direction === "sendonly" || direction === "sendrecv"),
  );
  if (sent.length === 0) return "no-media";
  if (new Set(sent.map(({ kind }) => kind)).size < sent.length) return "too-many-media";
  const audio = firstOf(sent, "audio", opusOf);
  const video = firstOf(sent, "video", videoOf);
  const isUnknown = (kind: "audio" | "video", chosen: ChosenMedium | null) =>
    chosen === null && sent.some((one) => one.kind === kind);
  // A picture without its sound, or a sound without its picture, is not what the teacher wanted to send.
  return isUnknown("audio", audio) || isUnknown("video", video) ? "no-codec" : { audio, video };
}

/** RFC 7587 section 7: always 48000 and 2, whatever is sent. Some encoders leave the 2 out: what they send says itself how many channels it has. */
export function opusOf({ codecs }: OfferedMedia): OfferedCodec | null {
  const all = codecs.filter(({ name, clockRate, channels }) => name === "opus" && clockRate === 48_000 && channels <= 2);
  return all.find(({ channels }) => channels === 2) ?? all[0] ?? null;
}

/** H.264 that is sent in more than one packet (RFC 6184 section 6.3: packetization mode 1), else in mode 0. */
export function h264Of({ codecs }: OfferedMedia): OfferedCodec | null {
  const all = codecs.filter(({ name, clockRate }) => name === "h264" && clockRate === 90_000);
  return all.find(({ parameters }) => parameters.get("packetization-mode") === "1") ?? all[0] ?? null;
}

/** The answer for a medium that a publisher sends. */
export function receivedMedium({ offered, codec }: ChosenMedium): AnsweredMedia {
  const isVideo = offered.kind === "video";
  return {
    direction: "recvonly",
    codec,
    format: isVideo && codec.name === "h264" ? receivedH264(codec) : isVideo ? codec.format : "minptime=10;useinbandfec=1;stereo=1",
    feedback: ["transport-cc", ...(isVideo ? ["nack", "nack pli", "ccm fir", "goog-remb"] : [])],
    extensions: [RTP_EXTENSION.mid, RTP_EXTENSION.transportSequence, RTP_EXTENSION.transmissionOffset],
    isRetransmitted: isVideo,
    source: null,
  };
}

function firstOf(
  media: readonly OfferedMedia[],
  kind: "audio" | "video",
  choose: (offered: OfferedMedia) => OfferedCodec | null,
): ChosenMedium | null {
  for (const offered of media) {
    const codec = offered.kind === kind ? choose(offered) : null;
    if (codec) return { offered, codec };
  }
  return null;
}

function videoOf(offered: OfferedMedia): OfferedCodec | null {
  for (const name of VIDEO_CODECS) {
    const codec = name === "h264" ? h264Of(offered) : offered.codecs.find((one) => one.name === name && one.clockRate === 90_000);
    if (codec) return codec;
  }
  return null;
}

/** RFC 6184 section 8.2.2: the profile must be the same; the level may be any that this side takes, if both sides allow it. */
function receivedH264({ parameters }: OfferedCodec): string {
  const profile = parameters.get("profile-level-id") ?? "42e01f";
  const isAsymmetric = parameters.get("level-asymmetry-allowed") === "1";
  const level = isAsymmetric && /^[0-9a-fA-F]{6}$/.test(profile) ? `${profile.slice(0, 4)}34` : profile;
  const mode = parameters.get("packetization-mode") ?? "0";
  return `${isAsymmetric ? "level-asymmetry-allowed=1;" : ""}packetization-mode=${mode};profile-level-id=${level}`;
}
