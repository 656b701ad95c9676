/** Reads and checks the offer of a browser or an encoder (JSEP, RFC 8829 section 5.8): one bundled transport, and media of RTP on it. */
import { Malformed } from "@lectern/media";
import { attributeOf, attributesOf, type MediaDescription, readDescription, type SessionDescription } from "./description.ts";
import { type OfferedCodec, readCodecs } from "./offered-codecs.ts";
import { readTransport, type TransportDescription } from "./transport.ts";

/** As the offering side says it: `sendonly` is what a publisher sends. */
export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

export type OfferedMedia = {
  readonly kind: "audio" | "video" | "other";
  readonly mid: string;
  readonly direction: Direction;
  /** The offering side does not use it, or it is none of RTP: it is refused in the answer. */
  readonly isUnusable: boolean;
  /** As they stand in the offer: a refused medium repeats them. */
  readonly line: Pick<MediaDescription, "kind" | "protocol" | "formats">;
  /** In the order of preference. */
  readonly codecs: readonly OfferedCodec[];
  /** Header extensions (RFC 8285): their numbers by URI. */
  readonly extensions: ReadonlyMap<string, number>;
  /** SSRCs that are announced (RFC 5576), without those of retransmissions. */
  readonly ssrcs: readonly number[];
  /** SSRCs of retransmissions, by the SSRC that they belong to. */
  readonly retransmissions: ReadonlyMap<number, number>;
  /** Layers of simulcast that are sent (RFC 8851), in their order. */
  readonly rids: readonly string[];
};

export type Offer = {
  readonly transport: TransportDescription;
  readonly media: readonly OfferedMedia[];
};

const PROTOCOL = /^(?:(?:UDP|TCP)\/D?TLS\/)?RTP\/SAVPF?$/;
const MID = /^[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,32}$/;
const MAX_SSRCS = 32;
const MAX_RIDS = 4;
const MAX_EXTENSIONS = 64;

export function readOffer(text: string): Offer | Malformed {
  const description = readDescription(text);
  if (description instanceof Malformed) return description;
  const media: OfferedMedia[] = [];
  for (const [index, medium] of description.media.entries()) {
    const offered = readMedium(medium, index);
    if (offered instanceof Malformed) return offered;
    media.push(offered);
  }
  const mids = new Set(media.map(({ mid }) => mid));
  if (mids.size < media.length) return new Malformed("the description uses a mid twice");
  const transport = readBundledTransport(description, media);
  return transport instanceof Malformed ? transport : { transport, media };
}

/** RFC 8843 section 7.2: all media that are used share the transport of the first of the group. */
function readBundledTransport(
  { attributes, media }: SessionDescription,
  offered: readonly OfferedMedia[],
): TransportDescription | Malformed {
  const used = offered.filter(({ isUnusable }) => !isUnusable);
  const [first] = used;
  if (!first) return new Malformed("the description has no media of RTP");
  const group = attributesOf(attributes, "group").find((value) => value.startsWith("BUNDLE ")) ?? "";
  const bundled = group.split(" ").slice(1);
  if (used.length > 1 && !used.every(({ mid }) => bundled.includes(mid)))
    return new Malformed("the media of the description are not bundled");
  const tagged = offered.findIndex(({ mid }) => mid === (bundled.find((mid) => used.some((one) => one.mid === mid)) ?? first.mid));
  return readTransport([...(media[tagged]?.attributes ?? []), ...attributes]);
}

function readMedium(medium: MediaDescription, index: number): OfferedMedia | Malformed {
  const { kind, attributes } = medium;
  const mid = attributeOf(attributes, "mid") ?? String(index);
  if (!MID.test(mid)) return new Malformed("the description has a wrong mid");
  const isRtp = (kind === "audio" || kind === "video") && PROTOCOL.test(medium.protocol);
  // RFC 8843 section 6: port 0 with bundle-only is a medium that is used.
  const isUnused = medium.port === 0 && attributeOf(attributes, "bundle-only") === null;
  const codecs = isRtp ? readCodecs(medium) : [];
  if (codecs instanceof Malformed) return codecs;
  if (isRtp && !isUnused && attributeOf(attributes, "rtcp-mux") === null) return new Malformed("the description has no rtcp-mux");
  const extensions = readExtensions(attributesOf(attributes, "extmap"));
  if (extensions instanceof Malformed) return extensions;
  const sources = readSources(medium);
  if (sources instanceof Malformed) return sources;
  return {
    kind: kind === "audio" || kind === "video" ? kind : "other",
    mid,
    direction: directionOf(medium),
    isUnusable: !isRtp || isUnused,
    line: medium,
    codecs,
    extensions,
    ...sources,
    rids: attributesOf(attributes, "rid")
      .flatMap((value) => /^([A-Za-z0-9_-]{1,16}) send(?: |$)/.exec(value)?.[1] ?? [])
      .slice(0, MAX_RIDS),
  };
}

function directionOf({ attributes }: MediaDescription): Direction {
  const names = ["sendonly", "recvonly", "inactive"] as const;
  return names.find((name) => attributeOf(attributes, name) !== null) ?? "sendrecv";
}

/** `NUMBER[/DIRECTION] URI [PARAMETERS]`; RFC 8285 section 5. */
function readExtensions(values: readonly string[]): ReadonlyMap<string, number> | Malformed {
  if (values.length > MAX_EXTENSIONS) return new Malformed("the description has too many header extensions");
  const extensions = new Map<string, number>();
  for (const value of values) {
    const [, number = "", uri = ""] = /^(\d{1,3})(?:\/[a-z]+)? (\S{1,256})/.exec(value) ?? [];
    const id = Number(number);
    if (uri === "" || id < 1 || id > 255) return new Malformed("the description has a wrong extmap");
    extensions.set(uri, id);
  }
  return extensions;
}

/** RFC 5576 sections 4.1 and 4.2. */
function readSources({ attributes }: MediaDescription): Pick<OfferedMedia, "ssrcs" | "retransmissions"> | Malformed {
  const all = new Set<number>();
  for (const value of attributesOf(attributes, "ssrc")) {
    const ssrc = ssrcOf(value.split(" ", 1)[0] ?? "");
    if (ssrc === null) return new Malformed("the description has a wrong ssrc");
    all.add(ssrc);
    if (all.size > MAX_SSRCS) return new Malformed("the description has too many ssrcs");
  }
  const retransmissions = new Map<number, number>();
  for (const value of attributesOf(attributes, "ssrc-group")) {
    const [semantics, of = "", by = ""] = value.split(" ");
    const [original, retransmission] = [ssrcOf(of), ssrcOf(by)];
    if (semantics !== "FID" || original === null || retransmission === null) continue;
    if (retransmissions.size < MAX_SSRCS) retransmissions.set(original, retransmission);
  }
  for (const ssrc of retransmissions.values()) all.delete(ssrc);
  return { ssrcs: [...all], retransmissions };
}

function ssrcOf(text: string): number | null {
  const ssrc = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return ssrc <= 0xffffffff ? ssrc : null;
}
