/**
 * Implements AMF3, in which publishers of ActionScript 3 and some hardware encoders write their metadata. Source: Adobe "Action Message Format - AMF
 * 3", January 2013, sections 1.3 and 3.
 */
import type { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { AmfValue } from "./amf-value.ts";

const MARKER = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  integer: 4,
  double: 5,
  string: 6,
  xmlDocument: 7,
  date: 8,
  array: 9,
  object: 10,
  xml: 11,
  byteArray: 12,
} as const;

/** Bounds as those of AMF0: hostile bytes must not exhaust the stack, or make many values of few bytes. */
const MAX_DEPTH = 16;
const MAX_VALUES = 4096;
/** Characters of strings that are referred to: a reference of a byte may stand for a long one. */
const MAX_REFERRED_CHARACTERS = 1024 * 1024;
/** Section 3.6: an integer of 29 bits is signed. */
const SIGN_OF_29_BITS = 0x10000000;

const decoder = new TextDecoder("utf-8");

/** What an object's class has: section 3.12. */
type Traits = { readonly names: readonly string[]; readonly isDynamic: boolean; readonly isExternal: boolean };

/** A value that later ones refer to, and the number of values in it: what refers to it has as many. */
type Referable = { value: AmfValue; values: number };

/** What a message has used of the bounds. */
export type AmfUse = { values: number; referredCharacters: number };

type State = {
  readonly reader: ByteReader;
  readonly use: AmfUse;
  malformed: Malformed | null;
  /** Tables of what was read before, which later values refer to. */
  readonly strings: string[];
  readonly objects: Referable[];
  readonly traits: Traits[];
};

/** Reads one value, which stops where it is malformed: an object has its properties so far. The tables of references are its own (section 4.1). */
export function readAmf3(
  reader: ByteReader,
  use: AmfUse = { values: 0, referredCharacters: 0 },
): { readonly value: AmfValue; readonly malformed: Malformed | null } {
  const state: State = { reader, use, malformed: null, strings: [], objects: [], traits: [] };
  const value = readValue(state, 0);
  return { value, malformed: state.malformed };
}

function fail(state: State, rule: string): undefined {
  state.malformed ??= new Malformed(rule);
}

function readValue(state: State, depth: number): AmfValue {
  const { reader } = state;
  if (depth > MAX_DEPTH) return fail(state, `AMF3 is nested deeper than ${MAX_DEPTH}`);
  if (++state.use.values > MAX_VALUES) return fail(state, `AMF3 has more than ${MAX_VALUES} values`);
  const value = readByMarker(state, reader.u8(), depth);
  state.malformed ??= reader.checked("AMF3 value");
  return value;
}

function readByMarker(state: State, marker: number, depth: number): AmfValue {
  const { reader } = state;
  switch (marker) {
    case MARKER.undefined:
      return undefined;
    case MARKER.null:
      return null;
    case MARKER.false:
      return false;
    case MARKER.true:
      return true;
    case MARKER.integer: {
      const value = readU29(reader);
      return value >= SIGN_OF_29_BITS ? value - 2 * SIGN_OF_29_BITS : value;
    }
    case MARKER.double:
      return reader.f64();
    case MARKER.string:
      return readString(state);
    case MARKER.xmlDocument:
    case MARKER.xml:
      return readReferable(state, (length) => decoder.decode(reader.view(length)));
    case MARKER.date:
      return readReferable(state, () => reader.f64());
    case MARKER.array:
      return readArray(state, depth);
    case MARKER.object:
      return readObject(state, depth);
    case MARKER.byteArray:
      return readReferable(state, (length) => void reader.skip(length));
    default:
      return fail(state, `AMF3 marker ${marker} is not known`);
  }
}

/** Section 1.3.1: seven bits a byte, and eight of the fourth. */
function readU29(reader: ByteReader): number {
  let value = 0;
  for (let i = 0; i < 3; i++) {
    const byte = reader.u8();
    value = (value << 7) | (byte & 0x7f);
    if (byte < 0x80) return value;
  }
  return (value << 8) | reader.u8();
}

/** Section 1.3.2. The empty string is never referred to. */
function readString(state: State): string {
  const head = readU29(state.reader);
  if ((head & 1) === 0) {
    const text = referred(state, state.strings, head >> 1) ?? "";
    state.use.referredCharacters += text.length;
    return state.use.referredCharacters > MAX_REFERRED_CHARACTERS ? (fail(state, "AMF3 has too much text") ?? "") : text;
  }
  const length = head >> 1;
  if (length === 0) return "";
  const text = decoder.decode(state.reader.view(length));
  state.strings.push(text);
  return text;
}

/** A value with a place in the table of objects. @param read gets its length, or what else stands in the bits of its head */
function readReferable(state: State, read: (bits: number) => AmfValue): AmfValue {
  const head = readU29(state.reader);
  if ((head & 1) === 0) return referredObject(state, head >> 1);
  const value = read(head >> 1);
  state.objects.push({ value, values: 1 });
  return value;
}

/** An array with names is given as an object that has its numbered values as well, one without as an array: section 3.11. */
function readArray(state: State, depth: number): AmfValue {
  const head = readU29(state.reader);
  if ((head & 1) === 0) return referredObject(state, head >> 1);
  const count = head >> 1;
  const named: Record<string, AmfValue> = Object.create(null);
  const list: AmfValue[] = [];
  const place = beginObject(state);
  const hasNames = readNamed(state, depth, named);
  for (let i = 0; i < count && !state.malformed; i++) {
    const value = readValue(state, depth + 1);
    list.push(value);
    if (hasNames) named[i] = value;
  }
  const value = hasNames ? named : list;
  endObject(place, value, state);
  return value;
}

/** Section 3.12. */
function readObject(state: State, depth: number): AmfValue {
  const head = readU29(state.reader);
  if ((head & 1) === 0) return referredObject(state, head >> 1);
  const traits = readTraits(state, head >> 1);
  if (!traits) return undefined;
  // Only the class knows how long it is.
  if (traits.isExternal) return fail(state, "AMF3 object that only its class can read");
  const object: Record<string, AmfValue> = Object.create(null);
  const place = beginObject(state);
  for (const name of traits.names) {
    if (state.malformed) break;
    object[name] = readValue(state, depth + 1);
  }
  if (traits.isDynamic) readNamed(state, depth, object);
  endObject(place, object, state);
  return object;
}

function readTraits(state: State, bits: number): Traits | undefined {
  if ((bits & 1) === 0) return referred(state, state.traits, bits >> 1);
  const isExternal = (bits & 2) !== 0;
  const isDynamic = (bits & 4) !== 0;
  const count = bits >> 3;
  if (count > MAX_VALUES) return fail(state, `AMF3 has more than ${MAX_VALUES} values`);
  // The name of the class.
  readString(state);
  const names: string[] = [];
  for (let i = 0; i < count && !state.reader.failed && !state.malformed; i++) names.push(readString(state));
  const traits = { names, isDynamic, isExternal };
  state.traits.push(traits);
  return traits;
}

/** Names with their values, up to the empty name. True when there is one. */
function readNamed(state: State, depth: number, into: Record<string, AmfValue>): boolean {
  let hasNames = false;
  for (;;) {
    const name = readString(state);
    state.malformed ??= state.reader.checked("AMF3 value");
    if (name === "" || state.malformed) return hasNames;
    into[name] = readValue(state, depth + 1);
    hasNames = true;
  }
}

/** Takes a place in the table. What refers to it before its end gets nothing: it would make a value that has no end. */
function beginObject(state: State): Referable {
  const place = { value: undefined, values: state.use.values };
  state.objects.push(place);
  return place;
}

function endObject(place: Referable, value: AmfValue, state: State): void {
  place.value = value;
  place.values = 1 + state.use.values - place.values;
}

function referredObject(state: State, index: number): AmfValue {
  const found = referred(state, state.objects, index);
  state.use.values += found?.values ?? 0;
  return state.use.values > MAX_VALUES ? fail(state, `AMF3 has more than ${MAX_VALUES} values`) : found?.value;
}

function referred<T>(state: State, table: readonly T[], index: number): T | undefined {
  if (index < table.length) return table[index];
  return fail(state, "AMF3 refers to a value that was never sent");
}
