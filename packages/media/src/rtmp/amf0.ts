/**
 * Implements AMF0, the values of RTMP commands and of FLV script data. Source: Adobe "Action Message Format - AMF 0", 2007, section 2; a value of
 * AMF3 within it is section 3.1 of "AMF 3".
 */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { AmfObject, AmfValue } from "./amf-value.ts";
import { type AmfUse, readAmf3 } from "./amf3.ts";

const MARKER = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  reference: 7,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
  unsupported: 13,
  xmlDocument: 15,
  typedObject: 16,
  amf3: 17,
} as const;

/** Deeper nesting than any real client sends; a bound against a stack exhausted by hostile bytes. */
const MAX_DEPTH = 16;
/** A bound on the number of values, since an empty strict array of 2^32 entries is nine bytes on the wire. */
const MAX_VALUES = 4096;

const decoder = new TextDecoder("utf-8");
const encoder = new TextEncoder();

/** What could be read, and why it was not all. */
export type AmfReading = {
  /** A value that is cut short has what could be read of it: an object its properties so far. */
  readonly values: readonly AmfValue[];
  /** Null: all of it was read. */
  readonly malformed: Malformed | null;
  /** Some of it was AMF3, which is not passed on as it came: most clients read AMF0 alone. */
  readonly hasAmf3: boolean;
};

/** Reads values one after the other until the end of the bytes. `Malformed` when they are not all AMF0. */
export function decodeAmf0(bytes: Uint8Array): AmfValue[] | Malformed {
  const { values, malformed } = readAmf0(bytes);
  return malformed ?? [...values];
}

/** Reads values as far as they can be read, for messages of encoders that are careless. */
export function readAmf0(bytes: Uint8Array): AmfReading {
  const state: State = {
    reader: new ByteReader(bytes),
    use: { values: 0, referredCharacters: 0 },
    malformed: null,
    hasAmf3: false,
  };
  const values: AmfValue[] = [];
  while (state.reader.left > 0 && !state.malformed) {
    const value = readValue(state, 0);
    if (!state.malformed || isContainer(value)) values.push(value);
  }
  return { values, malformed: state.malformed, hasAmf3: state.hasAmf3 };
}

type State = { readonly reader: ByteReader; readonly use: AmfUse; malformed: Malformed | null; hasAmf3: boolean };

/** Something of it may have been read before the error. */
function isContainer(value: AmfValue): boolean {
  return typeof value === "object" && value !== null;
}

function fail(state: State, rule: string): undefined {
  state.malformed ??= new Malformed(rule);
}

function readValue(state: State, depth: number): AmfValue {
  const { reader } = state;
  if (depth > MAX_DEPTH) return fail(state, `AMF0 is nested deeper than ${MAX_DEPTH}`);
  if (++state.use.values > MAX_VALUES) return fail(state, `AMF0 has more than ${MAX_VALUES} values`);
  const value = readByMarker(state, reader.u8(), depth);
  state.malformed ??= reader.checked("AMF0 value");
  return value;
}

function readByMarker(state: State, marker: number, depth: number): AmfValue {
  const { reader } = state;
  switch (marker) {
    case MARKER.number:
      return reader.f64();
    case MARKER.boolean:
      return reader.u8() !== 0;
    case MARKER.string:
      return readString(reader, reader.u16());
    case MARKER.longString:
    case MARKER.xmlDocument:
      return readString(reader, reader.u32());
    case MARKER.object:
      return readProperties(state, depth);
    case MARKER.ecmaArray:
      // The count is a hint that many writers leave at 0; the end marker is decisive.
      reader.u32();
      return readProperties(state, depth);
    case MARKER.typedObject:
      reader.skip(reader.u16());
      return readProperties(state, depth);
    case MARKER.strictArray:
      return readStrictArray(state, depth);
    case MARKER.date: {
      const milliseconds = reader.f64();
      reader.skip(2);
      return milliseconds;
    }
    case MARKER.null:
      return null;
    case MARKER.undefined:
    case MARKER.unsupported:
      return undefined;
    case MARKER.amf3: {
      state.hasAmf3 = true;
      const { value, malformed } = readAmf3(reader, state.use);
      state.malformed ??= malformed;
      return value;
    }
    default:
      return fail(state, `AMF0 marker ${marker} is not known`);
  }
}

function readString(reader: ByteReader, length: number): string {
  return decoder.decode(reader.view(length));
}

function readProperties(state: State, depth: number): AmfObject {
  const { reader } = state;
  // A key named "__proto__" must be a key like any other.
  const object: Record<string, AmfValue> = Object.create(null);
  while (!reader.failed) {
    const length = reader.u16();
    if (length === 0 && reader.bytes[reader.at] === MARKER.objectEnd) {
      reader.skip(1);
      return object;
    }
    const key = readString(reader, length);
    if (reader.left === 0) break;
    const value = readValue(state, depth + 1);
    if (!state.malformed || isContainer(value)) object[key] = value;
    if (state.malformed) return object;
  }
  fail(state, "AMF0 object has no end");
  return object;
}

function readStrictArray(state: State, depth: number): AmfValue[] {
  const count = state.reader.u32();
  const out: AmfValue[] = [];
  for (let i = 0; i < count; i++) {
    const value = readValue(state, depth + 1);
    if (!state.malformed || isContainer(value)) out.push(value);
    if (state.malformed) return out;
  }
  return out;
}

/** Marks an object that must be written as an ECMA array, as `onMetaData` is by custom. */
export class EcmaArray {
  readonly properties: AmfObject;

  constructor(properties: AmfObject) {
    this.properties = properties;
  }
}

/** Writes values one after the other. */
export function encodeAmf0(...values: readonly (AmfValue | EcmaArray)[]): Uint8Array {
  const out: number[] = [];
  for (const value of values) writeValue(out, value);
  return Uint8Array.from(out);
}

function writeValue(out: number[], value: AmfValue | EcmaArray): void {
  if (typeof value === "number") {
    out.push(MARKER.number, ...float64(value));
  } else if (typeof value === "boolean") {
    out.push(MARKER.boolean, value ? 1 : 0);
  } else if (typeof value === "string") {
    writeString(out, value);
  } else if (value === null) {
    out.push(MARKER.null);
  } else if (value === undefined) {
    out.push(MARKER.undefined);
  } else if (value instanceof EcmaArray) {
    out.push(MARKER.ecmaArray, ...uint(Object.keys(value.properties).length, 4));
    writeProperties(out, value.properties);
  } else if (isArray(value)) {
    out.push(MARKER.strictArray, ...uint(value.length, 4));
    for (const item of value) writeValue(out, item);
  } else {
    out.push(MARKER.object);
    writeProperties(out, value);
  }
}

function isArray(value: AmfObject | readonly AmfValue[]): value is readonly AmfValue[] {
  return Array.isArray(value);
}

function writeString(out: number[], value: string): void {
  const bytes = encoder.encode(value);
  if (bytes.length > 0xffff) out.push(MARKER.longString, ...uint(bytes.length, 4));
  else out.push(MARKER.string, ...uint(bytes.length, 2));
  for (const byte of bytes) out.push(byte);
}

function writeProperties(out: number[], object: AmfObject): void {
  for (const [key, value] of Object.entries(object)) {
    const bytes = encoder.encode(key).subarray(0, 0xffff);
    out.push(...uint(bytes.length, 2), ...bytes);
    writeValue(out, value);
  }
  out.push(0, 0, MARKER.objectEnd);
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

function uint(value: number, size: 2 | 4): number[] {
  const out: number[] = [];
  for (let i = size - 1; i >= 0; i--) out.push(Math.floor(value / 256 ** i) & 0xff);
  return out;
}
