/** What every parser must survive: its bytes cut short anywhere, bytes changed anywhere, and no sense at all. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Malformed } from "../src/bytes/malformed.ts";

/** Calls the parser with every beginning of good bytes, with mutations of them, and with noise. It may refuse but never throw. */
export function survivesAnyBytes(good: Uint8Array, parse: (bytes: Uint8Array) => unknown): void {
  for (let length = 0; length <= Math.min(good.length, 2048); length++) parse(good.subarray(0, length));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: Math.max(0, good.length - 1) }), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
      (changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        parse(bytes);
      },
    ),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 512 }), (bytes) => void parse(bytes)),
    { numRuns: 300 },
  );
}

/** Asserts that a parser did not refuse. */
export function good<T>(value: T | Malformed): T {
  assert.ok(!(value instanceof Malformed), value instanceof Malformed ? value.rule : "");
  return value;
}

/** Feeds bytes in pieces of random sizes, and byte by byte. */
export function inPieces(bytes: Uint8Array, sizes: readonly number[], push: (piece: Uint8Array) => void): void {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % Math.max(1, sizes.length)] ?? 1);
    push(bytes.subarray(at, at + size));
    at += size;
  }
}

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.replace(/\s+/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
