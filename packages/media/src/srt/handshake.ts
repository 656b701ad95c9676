/** Implements SRT's handshake packets and their extensions: draft-sharabayko-srt-01 section 3.2.1. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { SRT_HEADER_SIZE, setSrtU32, srtU32 } from "./packet.ts";

export const SRT_HANDSHAKE = { induction: 1, conclusion: 0xffffffff } as const;
/** Of a listener's answer to an induction: it speaks version 5. */
export const SRT_MAGIC = 0x4a17;
/** `Extension Type`: table 6. */
export const SRT_EXTENSION = {
  request: 1,
  response: 2,
  keyRequest: 3,
  keyResponse: 4,
  streamId: 5,
  congestion: 6,
  filter: 7,
  group: 8,
} as const;
/** `Extension Field` of a conclusion: table 5. */
export const SRT_HAS = { handshake: 1, keys: 2, configuration: 4 } as const;
/** `SRT Flags` of a handshake extension: table 7. */
export const SRT_FLAG = {
  sendsTimed: 1,
  receivesTimed: 2,
  crypt: 4,
  dropsLate: 8,
  periodicNak: 16,
  rexmit: 32,
  stream: 64,
} as const;

const BODY_SIZE = 48;
const MAX_EXTENSIONS = 16;
/** Section 3.2.1.3. */
const MAX_STREAM_ID = 512;

export type SrtExtension = { readonly type: number; readonly content: Uint8Array };

export type SrtHandshake = {
  readonly version: number;
  /** `Encryption Field`: the key's bytes divided by 8; 0 for any. */
  readonly encryption: number;
  /** `Extension Field`: flags of a conclusion, the magic number of an induction. */
  readonly extension: number;
  readonly initialSequence: number;
  readonly mtu: number;
  /** Packets. */
  readonly flowWindow: number;
  /** `SRT_HANDSHAKE`, or 1000 and more for a rejection. */
  readonly type: number;
  readonly socketId: number;
  readonly cookie: number;
  readonly extensions: readonly SrtExtension[];
};

/** The socket that a handshake packet comes from. */
export function srtCaller(packet: Uint8Array): number {
  return srtU32(packet, SRT_HEADER_SIZE + 24);
}

/** @param content of a packet of `SRT_CONTROL.handshake` */
export function readSrtHandshake(content: Uint8Array): SrtHandshake | Malformed {
  const reader = new ByteReader(content);
  const [version, encryption, extension] = [reader.u32(), reader.u16(), reader.u16()];
  const [initialSequence, mtu, flowWindow] = [reader.u32(), reader.u32(), reader.u32()];
  const [type, socketId, cookie] = [reader.u32(), reader.u32(), reader.u32()];
  // The peer's own address.
  reader.skip(16);
  const extensions: SrtExtension[] = [];
  while (version === 5 && type !== SRT_HANDSHAKE.induction && reader.left >= 4) {
    if (extensions.length >= MAX_EXTENSIONS) return new Malformed("an SRT handshake with too many extensions");
    const extensionType = reader.u16();
    extensions.push({ type: extensionType, content: reader.view(reader.u16() * 4) });
  }
  const cut = reader.checked("an SRT handshake");
  if (cut) return cut;
  if (initialSequence > 0x7fffffff) return new Malformed("an SRT handshake with a sequence number of 32 bits");
  return { version, encryption, extension, initialSequence, mtu, flowWindow, type, socketId, cookie, extensions };
}

/** The content of a handshake packet, whose field for the peer's address stays empty. */
export function writeSrtHandshake(handshake: SrtHandshake): Uint8Array {
  const { version, encryption, extension, initialSequence, mtu, flowWindow, type, socketId, cookie, extensions } = handshake;
  const content = new Uint8Array(BODY_SIZE + extensions.reduce((sum, one) => sum + 4 + one.content.length, 0));
  const words = [version, ((encryption << 16) | extension) >>> 0, initialSequence, mtu, flowWindow, type, socketId, cookie];
  for (const [i, word] of words.entries()) setSrtU32(content, i * 4, word);
  let at = BODY_SIZE;
  for (const one of extensions) {
    setSrtU32(content, at, ((one.type << 16) | (one.content.length / 4)) >>> 0);
    content.set(one.content, at + 4);
    at += 4 + one.content.length;
  }
  return content;
}

export type SrtCapabilities = {
  /** `0x010501` is 1.5.1. */
  readonly version: number;
  readonly flags: number;
  /** Milliseconds that this side keeps packets before it gives them on, and that it wants the other side to keep them. */
  readonly receiverDelayMs: number;
  readonly senderDelayMs: number;
};

/** The content of `SRT_EXTENSION.request` and `response`: section 3.2.1.1. */
export function readSrtCapabilities(content: Uint8Array): SrtCapabilities | Malformed {
  if (content.length < 12) return new Malformed("an SRT handshake extension is cut short");
  const delays = srtU32(content, 8);
  return {
    version: srtU32(content, 0),
    flags: srtU32(content, 4),
    receiverDelayMs: delays >>> 16,
    senderDelayMs: delays & 0xffff,
  };
}

/** The content of `SRT_EXTENSION.request` and `response`. */
export function writeSrtCapabilities({ version, flags, receiverDelayMs, senderDelayMs }: SrtCapabilities): Uint8Array {
  const content = new Uint8Array(12);
  setSrtU32(content, 0, version);
  setSrtU32(content, 4, flags);
  setSrtU32(content, 8, ((receiverDelayMs << 16) | senderDelayMs) >>> 0);
  return content;
}

/** The text of an extension, whose words of four bytes have the last byte first: section 3.2.1.3. `Malformed` when it is too long, or no UTF-8. */
export function readSrtText(content: Uint8Array): string | Malformed {
  if (content.length > MAX_STREAM_ID) return new Malformed("an SRT stream id of more than 512 bytes");
  const bytes = new Uint8Array(content.length);
  for (let i = 0; i < content.length; i++) bytes[i] = content[i ^ 3] ?? 0;
  const end = bytes.indexOf(0);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    return new Malformed("an SRT stream id that is no UTF-8");
  }
}

/** The content of an extension that is text. */
export function writeSrtText(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const content = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  bytes.forEach((byte, i) => {
    content[i ^ 3] = byte;
  });
  return content;
}
