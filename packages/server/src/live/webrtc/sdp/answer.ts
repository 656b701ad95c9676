/** Writes the answer to an offer (RFC 8829 section 5.3.1): every medium on one bundled transport, idle on it, or refused. */
import type { Direction, Offer, OfferedMedia } from "./offer.ts";
import type { OfferedCodec } from "./offered-codecs.ts";
import type { LocalTransport } from "./transport.ts";

/** What becomes of an offered medium that is taken. */
export type AnsweredMedia = {
  /** From this side: `recvonly` for a publisher, `sendonly` for a viewer. */
  readonly direction: Exclude<Direction, "inactive">;
  readonly codec: OfferedCodec;
  /** The `fmtp` of the answer; empty: none. */
  readonly format: string;
  /** Kinds of feedback that are taken, of those that were offered: `nack`, `nack pli`. */
  readonly feedback: readonly string[];
  /** URIs of header extensions that are taken, of those that were offered. */
  readonly extensions: readonly string[];
  /** Whether lost packets are sent again with a payload type of their own, where that was offered. */
  readonly isRetransmitted: boolean;
  /** What this side sends; null: it sends nothing. */
  readonly source: AnsweredSource | null;
};

export type AnsweredSource = {
  readonly ssrc: number;
  /** Of the retransmissions; null: none. */
  readonly retransmission: number | null;
  /** RFC 8830: the stream that sound and picture belong to together. */
  readonly stream: string;
};

/** @param media by the mid of the offer; others are refused @param session numbers the description (RFC 8866 section 5.2) */
export function writeAnswer(
  offer: Offer,
  local: LocalTransport,
  media: ReadonlyMap<string, AnsweredMedia>,
  session: { readonly id: string; readonly version: number },
): string {
  const wanted = offer.media.filter(({ mid }) => media.has(mid));
  const idle = idleOf(offer, wanted);
  const taken = idle ? [idle.offered, ...wanted] : wanted;
  const lines = [
    "v=0",
    `o=- ${session.id} ${session.version} IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    ...(taken.length > 0 ? [`a=group:BUNDLE ${taken.map(({ mid }) => mid).join(" ")}`] : []),
    "a=extmap-allow-mixed",
    "a=msid-semantic: WMS *",
  ];
  for (const offered of offer.media) {
    const answered = media.get(offered.mid);
    if (answered) lines.push(...writeMedium(offered, answered, local, offered === taken[0]));
    else if (offered === idle?.offered) lines.push(...writeIdle(idle, local));
    else lines.push(...refuseMedium(offered));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function writeMedium(offered: OfferedMedia, answered: AnsweredMedia, local: LocalTransport, isFirst: boolean): readonly string[] {
  const { codec, format, source } = answered;
  const { payloadType } = codec;
  const retransmission = answered.isRetransmitted ? codec.retransmission : null;
  const formats = retransmission === null ? `${payloadType}` : `${payloadType} ${retransmission}`;
  return [
    ...writeTransport(offered, formats, local),
    ...answered.extensions.flatMap((uri) =>
      offered.extensions.has(uri) ? [`a=extmap:${offered.extensions.get(uri)} ${uri}`] : [],
    ),
    `a=${answered.direction}`,
    ...(source ? [`a=msid:${source.stream} ${offered.line.kind}`] : []),
    "a=rtcp-mux",
    "a=rtcp-rsize",
    "a=rtcp-xr:rcvr-rtt=all",
    `a=rtpmap:${payloadType} ${codec.encoding}`,
    ...answered.feedback.filter((kind) => codec.feedback.includes(kind)).map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
    ...(format === "" ? [] : [`a=fmtp:${payloadType} ${format}`]),
    ...(retransmission === null
      ? []
      : [`a=rtpmap:${retransmission} rtx/${codec.clockRate}`, `a=fmtp:${retransmission} apt=${payloadType}`]),
    ...(source ? writeSource(source, retransmission !== null) : []),
    ...(isFirst ? writeCandidates(local) : []),
  ];
}

function writeTransport({ line, mid }: OfferedMedia, formats: string, local: LocalTransport): readonly string[] {
  return [
    `m=${line.kind} 9 ${line.protocol} ${formats}`,
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    `a=ice-ufrag:${local.iceUfrag}`,
    `a=ice-pwd:${local.icePwd}`,
    "a=ice-options:trickle",
    `a=fingerprint:${local.fingerprint}`,
    `a=setup:${local.setup}`,
    `a=mid:${mid}`,
  ];
}

function writeCandidates({ candidates }: LocalTransport): readonly string[] {
  return [...candidates.map((candidate) => `a=candidate:${candidate}`), "a=end-of-candidates"];
}

/** A medium that has the transport of all others, and sends and takes nothing itself. */
type IdleMedia = { readonly offered: OfferedMedia; readonly codec: OfferedCodec };

/** Browsers have the transport of all media with the first one, and cannot do without it where others are taken. */
function idleOf({ media: [first] }: Offer, wanted: readonly OfferedMedia[]): IdleMedia | null {
  const codec = first?.codecs[0];
  if (!first || !codec || first.isUnusable || wanted.length === 0 || wanted.includes(first)) return null;
  return { offered: first, codec };
}

function writeIdle({ offered, codec }: IdleMedia, local: LocalTransport): readonly string[] {
  const { payloadType, encoding } = codec;
  return [
    ...writeTransport(offered, String(payloadType), local),
    "a=inactive",
    "a=rtcp-mux",
    "a=rtcp-rsize",
    `a=rtpmap:${payloadType} ${encoding}`,
    ...writeCandidates(local),
  ];
}

function writeSource({ ssrc, retransmission, stream }: AnsweredSource, isRetransmitted: boolean): readonly string[] {
  const own = [`a=ssrc:${ssrc} cname:${stream}`];
  if (retransmission === null || !isRetransmitted) return own;
  return [`a=ssrc-group:FID ${ssrc} ${retransmission}`, ...own, `a=ssrc:${retransmission} cname:${stream}`];
}

/** RFC 3264 section 6: port 0. */
function refuseMedium({ line, mid }: OfferedMedia): readonly string[] {
  return [`m=${line.kind} 0 ${line.protocol} ${line.formats.join(" ")}`, "c=IN IP4 0.0.0.0", `a=mid:${mid}`, "a=inactive"];
}
