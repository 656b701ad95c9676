/** Implements FLV tags in a message that holds whole tags alone, without the header of a file: Adobe Video File Format 10.1, annex E.4.1. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { FlvTag } from "./flv-reader.ts";
import { TAG_HEADER_SIZE, TAG_TRAILER_SIZE, TAG_TYPE } from "./tag.ts";

/**
 * Reads the tags of a message, one after the other. Their bodies are views of it.
 * `Malformed` when the bytes are no whole tags; those before it have been given.
 * @param onTag false: no further tag is wanted
 */
export function readWholeTags(message: Uint8Array, onTag: (tag: FlvTag) => boolean): Malformed | null {
  const reader = new ByteReader(message);
  if (reader.left === 0) return new Malformed("a message without an FLV tag");
  while (reader.left > 0) {
    const tag = readTag(reader);
    if (tag instanceof Malformed) return tag;
    if (!onTag(tag)) return null;
  }
  return null;
}

function readTag(reader: ByteReader): FlvTag | Malformed {
  if (reader.left < TAG_HEADER_SIZE) return new Malformed("an FLV tag is cut short");
  const type = reader.u8() & 0x1f;
  const length = reader.u24();
  const timestamp = reader.u24() + reader.u8() * 0x1000000;
  reader.skip(3);
  if (type !== TAG_TYPE.audio && type !== TAG_TYPE.video && type !== TAG_TYPE.script)
    return new Malformed(`an FLV tag of type ${type}`);
  if (reader.left < length + TAG_TRAILER_SIZE) return new Malformed("an FLV tag is cut short");
  const body = reader.view(length);
  const size = reader.u32();
  if (size !== TAG_HEADER_SIZE + length) return new Malformed(`an FLV tag of ${TAG_HEADER_SIZE + length} bytes that says ${size}`);
  return { type, timestamp, body };
}
