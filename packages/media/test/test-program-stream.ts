/**
 * Writes a program stream as cameras of GB/T 28181 do: each frame in a pack of its own, each key frame behind a system header and a program stream map
 * (GB/T 28181-2016 annex C, ISO/IEC 13818-1 section 2.5.3).
 */
export type PsFrame = {
  readonly track: "video" | "audio";
  /** Ticks of 90 kHz. */
  readonly pts: number;
  readonly key: boolean;
  readonly data: Uint8Array;
};

export type PsShape = {
  readonly videoType: number;
  readonly audioType: number | null;
  /** Bytes of the largest PES packet. */
  readonly maxPes?: number;
  /** Whether a picture is one packet that does not tell its length. */
  readonly unbounded?: boolean;
  /** What is told of the length of a packet, in the place of its length. */
  readonly told?: (length: number) => number;
  /** Whether key frames have a map; default true. */
  readonly hasMap?: boolean;
};

const STREAM_ID = { video: 0xe0, audio: 0xc0 } as const;

/** One frame: a pack, its headers, and its PES packets. */
export function writePsFrame({ track, pts, key, data }: PsFrame, shape: PsShape): Uint8Array {
  const { maxPes = 65_400, unbounded = false, told, hasMap = true, videoType, audioType } = shape;
  const parts: Uint8Array[] = [packHeader(pts)];
  if (key && track === "video") parts.push(systemHeader(), ...(hasMap ? [streamMap(videoType, audioType)] : []));
  for (let at = 0; at < data.length; at += maxPes) {
    const isUnbounded = unbounded && track === "video";
    const piece = isUnbounded ? data : data.subarray(at, at + maxPes);
    parts.push(pes(STREAM_ID[track], at === 0 ? pts : null, piece, isUnbounded ? () => 0 : told));
    if (isUnbounded) break;
  }
  return Buffer.concat(parts);
}

/** Section 2.5.3.4, with one byte of stuffing. */
function packHeader(pts: number): Uint8Array {
  const base = BigInt(pts);
  const bits = (0x01n << 46n) | ((base >> 30n) << 43n) | (1n << 42n) | (((base >> 15n) & 0x7fffn) << 27n) | (1n << 26n);
  const clock = bits | ((base & 0x7fffn) << 11n) | (1n << 10n) | 1n;
  const out = Buffer.alloc(15, 0xff);
  out.writeUInt32BE(0x1ba, 0);
  out.writeUIntBE(Number(clock >> 16n), 4, 4);
  out.writeUInt16BE(Number(clock & 0xffffn), 8);
  out.writeUIntBE((25_000 << 2) | 3, 10, 3);
  out[13] = 0xf9;
  return out;
}

function systemHeader(): Uint8Array {
  return Buffer.from("000001bb000c80c3510421ffe0e0e0c0c020", "hex");
}

/** Section 2.5.4.1, with a checksum of zeros, which cameras write. */
function streamMap(videoType: number, audioType: number | null): Uint8Array {
  const entries = [videoType, STREAM_ID.video, 0, 0, ...(audioType === null ? [] : [audioType, STREAM_ID.audio, 0, 0])];
  const body = [0xe1, 0xff, 0, 0, 0, entries.length, ...entries, 0, 0, 0, 0];
  return Buffer.from([0, 0, 1, 0xbc, 0, body.length, ...body]);
}

function pes(streamId: number, pts: number | null, data: Uint8Array, told = (length: number) => length): Uint8Array {
  const time = pts === null ? [] : timeBytes(pts);
  const length = told(3 + time.length + data.length);
  const head = [0, 0, 1, streamId, (length >> 8) & 0xff, length & 0xff, 0x80, pts === null ? 0 : 0x80, time.length, ...time];
  return Buffer.concat([Buffer.from(head), data]);
}

function timeBytes(pts: number): number[] {
  const high = Math.floor(pts / 0x40000000) & 7;
  const middle = Math.floor(pts / 0x8000) & 0x7fff;
  const low = pts & 0x7fff;
  return [0x21 | (high << 1), middle >> 7, ((middle << 1) & 0xff) | 1, low >> 7, ((low << 1) & 0xff) | 1];
}
