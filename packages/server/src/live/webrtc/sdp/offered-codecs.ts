/** Reads the codecs of an offered medium: `rtpmap`, `fmtp` and `rtcp-fb` (RFC 8866 section 6.6 and 6.15, RFC 4585 section 4.2). */
import { Malformed } from "@lectern/media";
import { attributesOf, type MediaDescription } from "./description.ts";

export type OfferedCodec = {
  readonly payloadType: number;
  /** In lower case: `h264`, `opus`. */
  readonly name: string;
  readonly clockRate: number;
  /** 1 where the offer does not say. */
  readonly channels: number;
  /** As the rtpmap has it behind the payload type: `H264/90000`. */
  readonly encoding: string;
  /** Of `fmtp`: names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Of `fmtp`, as it stands; empty: none. */
  readonly format: string;
  /** Of `rtcp-fb`: `nack`, `nack pli`, `transport-cc`. */
  readonly feedback: readonly string[];
  /** The payload type of its retransmissions (RFC 4588); null: none are offered. */
  readonly retransmission: number | null;
};

const MAX_FEEDBACK = 16;

/** In the order of the formats, without retransmissions. */
export function readCodecs(medium: MediaDescription): readonly OfferedCodec[] | Malformed {
  const maps = byPayloadType(attributesOf(medium.attributes, "rtpmap"));
  const formats = byPayloadType(attributesOf(medium.attributes, "fmtp"));
  const feedback = attributesOf(medium.attributes, "rtcp-fb");
  const codecs: OfferedCodec[] = [];
  for (const payload of medium.formats) {
    const payloadType = payloadTypeOf(payload);
    if (payloadType === null) return new Malformed("the description has a wrong payload type");
    const [encoding] = maps.get(payload) ?? [];
    // A static payload type needs no map: none of them is used here.
    if (encoding === undefined) continue;
    const [, name = "", clockRate = "", channels = "1"] = /^([A-Za-z0-9.-]{1,32})\/(\d{1,7})(?:\/(\d{1,2}))?$/.exec(encoding) ?? [];
    if (name === "") return new Malformed("the description has a wrong rtpmap");
    const format = (formats.get(payload) ?? []).join(";");
    codecs.push({
      payloadType,
      name: name.toLowerCase(),
      clockRate: Number(clockRate),
      channels: Number(channels),
      encoding,
      format,
      parameters: readParameters(format),
      feedback: feedbackOf(feedback, payload),
      retransmission: null,
    });
  }
  return joinRetransmissions(codecs);
}

/** A payload type that RTP and RTCP on one port leave free (RFC 5761 section 4); null: it is none. */
function payloadTypeOf(text: string): number | null {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  return number <= 63 || (number >= 96 && number <= 127) ? number : null;
}

function joinRetransmissions(codecs: readonly OfferedCodec[]): readonly OfferedCodec[] {
  const retransmissions = new Map<number, number>();
  for (const { name, parameters, payloadType } of codecs) {
    if (name === "rtx") retransmissions.set(Number(parameters.get("apt") ?? -1), payloadType);
  }
  return codecs
    .filter(({ name }) => name !== "rtx")
    .map((codec) => ({ ...codec, retransmission: retransmissions.get(codec.payloadType) ?? null }));
}

function readParameters(format: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of format.split(";")) {
    const [name = "", value = ""] = part.trim().split("=", 2);
    if (name !== "") parameters.set(name.toLowerCase(), value);
  }
  return parameters;
}

function feedbackOf(values: readonly string[], payload: string): readonly string[] {
  const own = values.flatMap((value) => {
    const space = value.indexOf(" ");
    const of = value.slice(0, space);
    return of === payload || of === "*" ? [value.slice(space + 1).trim()] : [];
  });
  return own.slice(0, MAX_FEEDBACK);
}

/** The rest of each value by its first word. */
function byPayloadType(values: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const value of values) {
    const [, payload = "", rest = ""] = /^(\S+) (.*)$/.exec(value) ?? [];
    map.set(payload, [...(map.get(payload) ?? []), rest.trim()]);
  }
  return map;
}
