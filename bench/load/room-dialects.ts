/** Defines how a member of a room speaks with each of the servers that `bench room` compares. Marks in the texts say when they were sent. */
import { randomBytes } from "node:crypto";

export type Kind = "chat" | "danmaku";

export type Dialect = {
  readonly protocol: string | null;
  /** What a member sends first; null: nothing. */
  readonly hello: string | null;
  readonly say: (kind: Kind, text: string) => string;
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

const MARKS: Readonly<Record<Kind, Buffer>> = { chat: Buffer.from("@c"), danmaku: Buffer.from("@b") };
const DIGITS = 9;
const ZERO = 0x30;

/** A text with the time, tenths of milliseconds of this process's clock. */
export function markedText(kind: Kind): string {
  return `Why is that so? ${MARKS[kind]}${String(Math.round(performance.now() * 10)).padStart(DIGITS, "0")}`;
}

/** Calls with the age of each text of a kind in a message, in milliseconds. */
export function readMarks(message: Buffer, kind: Kind, onAge: (milliseconds: number) => void): void {
  const now = performance.now();
  for (let at = message.indexOf(MARKS[kind]); at >= 0; at = message.indexOf(MARKS[kind], at + 2)) {
    let sent = 0;
    for (let i = 0; i < DIGITS; i++) sent = sent * 10 + (message[at + 2 + i] ?? ZERO) - ZERO;
    onAge(now - sent / 10);
  }
}
