/** Writes compound RTCP: RFC 3550 section 6.1. */
import { toNtp } from "./ntp-time.ts";
import { PAYLOAD_FORMAT, REMB_MARK, type ReportBlock, RTCP_TYPE, type RtcpPacket, SDES_CNAME, TRANSPORT_FORMAT } from "./rtcp.ts";
import { writeTransportFeedback } from "./transport-feedback.ts";

const VERSION = 2;
/** The count of a packet's head has five bits. */
const MAX_COUNT = 31;

/**
 * A datagram of all packets, one behind the other. Kind "other" is left out, and so is what does not fit into a packet's count (31 reports,
 * chunks or SSRCs; 255 of a REMB).
 */
export function writeRtcp(packets: readonly RtcpPacket[]): Uint8Array {
  const out: number[] = [];
  for (const packet of packets) writeOne(out, packet);
  return Uint8Array.from(out);
}

function writeOne(out: number[], packet: RtcpPacket): void {
  switch (packet.kind) {
    case "sender-report": {
      const { seconds, fraction } = toNtp(packet.ntpMs);
      const words = [packet.ssrc, seconds, fraction, packet.timestamp, packet.packets, packet.bytes];
      return writeReports(out, RTCP_TYPE.sender, words, packet.reports);
    }
    case "receiver-report":
      return writeReports(out, RTCP_TYPE.receiver, [packet.ssrc], packet.reports);
    case "description": {
      const chunks = packet.chunks.slice(0, MAX_COUNT);
      return writePacket(out, RTCP_TYPE.description, chunks.length, chunks.flatMap(descriptionChunk));
    }
    case "bye": {
      const ssrcs = packet.ssrcs.slice(0, MAX_COUNT);
      return writePacket(out, RTCP_TYPE.bye, ssrcs.length, ssrcs.flatMap(u32));
    }
    case "nack": {
      const head = [...u32(packet.sender), ...u32(packet.media)];
      return writePacket(out, RTCP_TYPE.transport, TRANSPORT_FORMAT.nack, [...head, ...nackMasks(packet.sequences)]);
    }
    case "transport-feedback": {
      const head = [...u32(packet.sender), ...u32(packet.media)];
      return writePacket(out, RTCP_TYPE.transport, TRANSPORT_FORMAT.congestion, [
        ...head,
        ...writeTransportFeedback(packet.feedback),
      ]);
    }
    case "pli":
      return writePacket(out, RTCP_TYPE.payload, PAYLOAD_FORMAT.pli, [...u32(packet.sender), ...u32(packet.media)]);
    case "fir": {
      const entries = packet.entries.flatMap(({ ssrc, sequence }) => [...u32(ssrc), sequence & 0xff, 0, 0, 0]);
      return writePacket(out, RTCP_TYPE.payload, PAYLOAD_FORMAT.fir, [...u32(packet.sender), 0, 0, 0, 0, ...entries]);
    }
    case "remb":
      return writePacket(out, RTCP_TYPE.payload, PAYLOAD_FORMAT.application, rembBody(packet));
    case "other":
      return;
  }
}

function writeReports(out: number[], type: number, words: readonly number[], reports: readonly ReportBlock[]): void {
  const blocks = reports.slice(0, MAX_COUNT);
  writePacket(out, type, blocks.length, [...words.flatMap(u32), ...blocks.flatMap(reportBlock)]);
}

function reportBlock(block: ReportBlock): number[] {
  const fraction = Math.min(255, Math.max(0, Math.floor(block.fractionLost * 256)));
  const lost = Math.min(0x7fffff, Math.max(-0x800000, block.lost));
  return [
    ...u32(block.ssrc),
    fraction,
    (lost >> 16) & 0xff,
    (lost >> 8) & 0xff,
    lost & 0xff,
    ...u32(block.highestSequence),
    ...u32(Math.round(block.jitter)),
    ...u32(block.lastReport),
    ...u32(Math.round((block.sinceLastReportMs * 65536) / 1000)),
  ];
}

function descriptionChunk({ ssrc, cname }: { readonly ssrc: number; readonly cname: string }): number[] {
  const text = new TextEncoder().encode(cname).subarray(0, 255);
  const chunk = [...u32(ssrc), SDES_CNAME, text.length, ...text, 0];
  while (chunk.length % 4 > 0) chunk.push(0);
  return chunk;
}

/** RFC 4585 section 6.2.1. The numbers are taken in the order that they have. */
function nackMasks(sequences: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = 0; i < sequences.length; ) {
    const first = sequences[i++] ?? 0;
    let mask = 0;
    while (i < sequences.length) {
      const behind = ((sequences[i] ?? 0) - first - 1) & 0xffff;
      if (behind > 15) break;
      mask |= 1 << behind;
      i++;
    }
    out.push((first >> 8) & 0xff, first & 0xff, mask >> 8, mask & 0xff);
  }
  return out;
}

function rembBody({ sender, bitsPerSecond, ssrcs }: Extract<RtcpPacket, { kind: "remb" }>): number[] {
  let exponent = 0;
  let mantissa = Math.floor(Math.max(0, bitsPerSecond));
  while (mantissa > 0x3ffff && exponent < 63) {
    mantissa = Math.floor(mantissa / 2);
    exponent++;
  }
  const some = ssrcs.slice(0, 255);
  const rate = [(exponent << 2) | (mantissa >> 16), (mantissa >> 8) & 0xff, mantissa & 0xff];
  return [...u32(sender), 0, 0, 0, 0, ...u32(REMB_MARK), some.length, ...rate, ...some.flatMap(u32)];
}

/** @param count or the format of a feedback packet: five bits */
function writePacket(out: number[], type: number, count: number, body: readonly number[]): void {
  const words = body.length / 4;
  out.push((VERSION << 6) | count, type, words >> 8, words & 0xff);
  for (const byte of body) out.push(byte);
}

function u32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
