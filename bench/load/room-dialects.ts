/** Defines how a member of a room speaks with each of the servers that `bench room` compares. */
import { randomBytes } from "node:crypto";
import type { MarkedKind } from "../../packages/server/src/load/clients/sent-marks.ts";

export type Dialect = {
  readonly protocol: string | null;
  /** What a member sends first; null: nothing. */
  readonly hello: string | null;
  readonly say: (kind: MarkedKind, text: string) => string;
  /** What a message needs as an answer; null: nothing. */
  readonly answerTo: (text: Buffer) => string | null;
  /** A message with what was said before the member came. */
  readonly isPast: (text: Buffer) => boolean;
};

export type DialectName = "lectern" | "socket.io" | "ws";

const LECTERN_PAST = Buffer.from('{"you":');
const PING = 0x32;

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  lectern: {
    protocol: "lectern.room.v1",
    hello: null,
    say: (kind, text) => JSON.stringify({ id: randomBytes(12).toString("hex"), kind, text }),
    answerTo: () => null,
    isPast: (text) => text.subarray(0, LECTERN_PAST.length).equals(LECTERN_PAST),
  },
  // Engine.IO 4: packet types as digits; `4` is a message, in which Socket.IO's `2` is an event.
  "socket.io": {
    protocol: null,
    hello: "40",
    say: (kind, text) => `42${JSON.stringify([kind, { text }])}`,
    answerTo: (text) => (text.length === 1 && text[0] === PING ? "3" : null),
    isPast: () => false,
  },
  ws: {
    protocol: null,
    hello: null,
    say: (kind, text) => JSON.stringify({ kind, text }),
    answerTo: () => null,
    isPast: () => false,
  },
};
