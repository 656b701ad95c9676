/** Reads compound RTCP: RFC 3550 section 6.1, and packets of reduced size (RFC 5506). */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { fromNtp } from "./ntp-time.ts";
import { PAYLOAD_FORMAT, REMB_MARK, type ReportBlock, RTCP_TYPE, type RtcpPacket, SDES_CNAME, TRANSPORT_FORMAT } from "./rtcp.ts";
import { readTransportFeedback } from "./transport-feedback.ts";

const VERSION = 2;
const REPORT_BLOCK_SIZE = 24;
/** Sequence numbers that one packet may ask for; a hostile one repeats. A datagram has no more than about 6000. */
const MAX_NACKS = 8192;

/** All packets of a datagram, in order. `Malformed` when one of them breaks a rule. */
export function readRtcp(bytes: Uint8Array): RtcpPacket[] | Malformed {
  const packets: RtcpPacket[] = [];
  const reader = new ByteReader(bytes);
  while (reader.left > 0) {
    const first = reader.u8();
    const type = reader.u8();
    let body = reader.view(reader.u16() * 4);
    const cut = reader.checked("an RTCP packet");
    if (cut) return cut;
    if (first >> 6 !== VERSION) return new Malformed(`an RTCP packet of version ${first >> 6}`);
    if (first & 0x20) {
      const padding = body.at(-1) ?? 0;
      if (padding === 0 || padding > body.length) return new Malformed("an RTCP packet with impossible padding");
      body = body.subarray(0, body.length - padding);
    }
    const packet = readOne(type, first & 31, new ByteReader(body));
    if (packet instanceof Malformed) return packet;
    packets.push(packet);
  }
  return packets.length > 0 ? packets : new Malformed("an RTCP datagram is empty");
}

function readOne(type: number, count: number, body: ByteReader): RtcpPacket | Malformed {
  switch (type) {
    case RTCP_TYPE.sender:
      return readSender(count, body);
    case RTCP_TYPE.receiver: {
      const ssrc = body.u32();
      const reports = readReports(count, body);
      return body.checked("a receiver report") ?? { kind: "receiver-report", ssrc, reports };
    }
    case RTCP_TYPE.description:
      return readDescription(count, body);
    case RTCP_TYPE.bye: {
      const ssrcs: number[] = [];
      for (let i = 0; i < count; i++) ssrcs.push(body.u32());
      return body.checked("an RTCP BYE") ?? { kind: "bye", ssrcs };
    }
    case RTCP_TYPE.transport:
      return readTransport(count, body);
    case RTCP_TYPE.payload:
      return readPayloadFeedback(count, body);
    default:
      return { kind: "other", type, count };
  }
}

function readSender(count: number, body: ByteReader): RtcpPacket | Malformed {
  const ssrc = body.u32();
  const ntpMs = fromNtp(body.u32(), body.u32());
  const timestamp = body.u32();
  const packets = body.u32();
  const bytes = body.u32();
  const reports = readReports(count, body);
  return body.checked("a sender report") ?? { kind: "sender-report", ssrc, ntpMs, timestamp, packets, bytes, reports };
}

function readReports(count: number, body: ByteReader): ReportBlock[] {
  const reports: ReportBlock[] = [];
  for (let i = 0; i < count && body.left >= REPORT_BLOCK_SIZE; i++) {
    const ssrc = body.u32();
    const fractionLost = body.u8() / 256;
    const lost = body.s24();
    const highestSequence = body.u32();
    const jitter = body.u32();
    const lastReport = body.u32();
    const sinceLastReportMs = (body.u32() * 1000) / 65536;
    reports.push({ ssrc, fractionLost, lost, highestSequence, jitter, lastReport, sinceLastReportMs });
  }
  // Less than it says: the reader is to know.
  if (reports.length < count) body.skip(REPORT_BLOCK_SIZE);
  return reports;
}

/** RFC 3550 section 6.5: each chunk ends with a zero and begins at a multiple of four. */
function readDescription(count: number, body: ByteReader): RtcpPacket | Malformed {
  const chunks: { ssrc: number; cname: string }[] = [];
  for (let i = 0; i < count && !body.failed; i++) {
    const ssrc = body.u32();
    let cname = "";
    for (let item = body.u8(); item !== 0 && !body.failed; item = body.u8()) {
      const text = body.view(body.u8());
      if (item === SDES_CNAME) cname = new TextDecoder().decode(text);
    }
    if (body.at % 4 > 0) body.skip(4 - (body.at % 4));
    chunks.push({ ssrc, cname });
  }
  return body.checked("an RTCP source description") ?? { kind: "description", chunks };
}

function readTransport(format: number, body: ByteReader): RtcpPacket | Malformed {
  const sender = body.u32();
  const media = body.u32();
  const cut = body.checked("an RTCP feedback packet");
  if (cut) return cut;
  if (format === TRANSPORT_FORMAT.nack) return { kind: "nack", sender, media, sequences: readNacks(body) };
  if (format !== TRANSPORT_FORMAT.congestion) return { kind: "other", type: RTCP_TYPE.transport, count: format };
  const feedback = readTransportFeedback(body);
  return feedback instanceof Malformed ? feedback : { kind: "transport-feedback", sender, media, feedback };
}

/** RFC 4585 section 6.2.1: a number and a mask of the sixteen behind it. */
function readNacks(body: ByteReader): number[] {
  const sequences: number[] = [];
  while (body.left >= 4 && sequences.length < MAX_NACKS) {
    const first = body.u16();
    const mask = body.u16();
    sequences.push(first);
    for (let i = 0; i < 16; i++) if (mask & (1 << i)) sequences.push((first + i + 1) & 0xffff);
  }
  return sequences;
}

function readPayloadFeedback(format: number, body: ByteReader): RtcpPacket | Malformed {
  const sender = body.u32();
  const media = body.u32();
  const cut = body.checked("an RTCP feedback packet");
  if (cut) return cut;
  switch (format) {
    case PAYLOAD_FORMAT.pli:
      return { kind: "pli", sender, media };
    case PAYLOAD_FORMAT.fir: {
      const entries: { ssrc: number; sequence: number }[] = [];
      while (body.left >= 8) {
        const ssrc = body.u32();
        const sequence = body.u8();
        body.skip(3);
        entries.push({ ssrc, sequence });
      }
      return { kind: "fir", sender, entries };
    }
    case PAYLOAD_FORMAT.application:
      return body.left >= 8 && body.u32() === REMB_MARK ? readRemb(sender, body) : other(format);
    default:
      return other(format);
  }
}

/** draft-alvestrand-rmcat-remb-03 section 2.2. */
function readRemb(sender: number, body: ByteReader): RtcpPacket | Malformed {
  const count = body.u8();
  const high = body.u8();
  const low = body.u16();
  const bitsPerSecond = ((high & 3) * 0x10000 + low) * 2 ** (high >> 2);
  const ssrcs: number[] = [];
  for (let i = 0; i < count; i++) ssrcs.push(body.u32());
  return body.checked("a REMB packet") ?? { kind: "remb", sender, bitsPerSecond, ssrcs };
}

function other(count: number): RtcpPacket {
  return { kind: "other", type: RTCP_TYPE.payload, count };
}
