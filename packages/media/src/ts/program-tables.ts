/** Implements the tables of MPEG-TS that name its streams: ISO/IEC 13818-1 section 2.4.4. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";

export type TsStream = {
  readonly pid: number;
  /** `stream_type`: table 2-34. */
  readonly streamType: number;
  /** The `format_identifier` of a private stream, such as `Opus`; empty without one. */
  readonly registration: string;
  /** `channel_config_code` of Opus; null for other streams. */
  readonly opusChannels: number | null;
};

const TABLE_ID = { programs: 0, map: 2 } as const;
/** Bytes of a section before its first entry, from `table_id` on; of those that its length does not count; and of its checksum. */
const SECTION_HEADER = 8;
const BEFORE_LENGTH = 3;
const CHECKSUM_SIZE = 4;
const MAX_SECTION = 1024;
/** Section 2.6.8; the extension descriptor with the tag 0x80 is that of Opus (ETSI TS 101 154 annex, opus-codec.org's draft). */
const DESCRIPTOR = { registration: 0x05, extension: 0x7f, opus: 0x80 } as const;

/** Puts the sections of one PID together: a long program map needs several packets. */
export class SectionAssembler {
  private bytes = new Uint8Array(0);

  /** @param begins a section begins in the packet. Null while it is not complete */
  take(payload: Uint8Array, begins: boolean): Uint8Array | null {
    if (begins) this.bytes = payload.slice(1 + (payload[0] ?? 0));
    else if (this.bytes.length === 0) return null;
    else this.bytes = Uint8Array.from([...this.bytes, ...payload]);
    if (this.bytes.length < BEFORE_LENGTH) return null;
    const size = BEFORE_LENGTH + ((((this.bytes[1] ?? 0) & 15) << 8) | (this.bytes[2] ?? 0));
    if (this.bytes.length < size && this.bytes.length <= MAX_SECTION) return null;
    const section = this.bytes.subarray(0, size);
    this.bytes = new Uint8Array(0);
    return section.length === size ? section : null;
  }
}

/** The PID of the first program's map; null when the section names none. Section 2.4.4.3. */
export function readPrograms(section: Uint8Array): number | null {
  const entries = entriesOf(section, TABLE_ID.programs);
  while (entries && entries.left >= 4) {
    const program = entries.u16();
    const pid = entries.u16() & 0x1fff;
    // Program 0 is the network's.
    if (program !== 0) return pid;
  }
  return null;
}

/** The streams of a program; null for another table. Section 2.4.4.8. */
export function readProgramMap(section: Uint8Array): TsStream[] | Malformed | null {
  const entries = entriesOf(section, TABLE_ID.map);
  if (!entries) return null;
  // PCR_PID
  entries.skip(2);
  entries.skip(entries.u16() & 0xfff);
  const streams: TsStream[] = [];
  while (entries.left >= 5) {
    const streamType = entries.u8();
    const pid = entries.u16() & 0x1fff;
    streams.push({ pid, streamType, ...readDescriptors(entries.view(entries.u16() & 0xfff)) });
  }
  return entries.failed ? new Malformed("an MPEG-TS program map is cut short") : streams;
}

function entriesOf(section: Uint8Array, tableId: number): ByteReader | null {
  if (section[0] !== tableId || section.length < SECTION_HEADER + CHECKSUM_SIZE) return null;
  return new ByteReader(section, SECTION_HEADER, section.length - CHECKSUM_SIZE);
}

function readDescriptors(bytes: Uint8Array): Pick<TsStream, "registration" | "opusChannels"> {
  const reader = new ByteReader(bytes);
  let registration = "";
  let opusChannels: number | null = null;
  while (reader.left >= 2) {
    const tag = reader.u8();
    const content = new ByteReader(reader.view(reader.u8()));
    if (tag === DESCRIPTOR.registration && content.left >= 4) registration = content.fourCc();
    if (tag === DESCRIPTOR.extension && content.left >= 2 && content.u8() === DESCRIPTOR.opus) opusChannels = content.u8();
  }
  return { registration, opusChannels };
}
