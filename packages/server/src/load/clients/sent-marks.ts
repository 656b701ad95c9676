/** Marks texts with the time at which they are sent, so that a receiver knows how old one is. */
export type MarkedKind = "chat" | "danmaku";

const MARKS: Readonly<Record<MarkedKind, Buffer>> = { chat: Buffer.from("@c"), danmaku: Buffer.from("@b") };
const DIGITS = 9;
const ZERO = 0x30;

/** A text with the time, tenths of milliseconds of this process's clock. */
export function markedText(kind: MarkedKind): string {
  return `Why is that so? ${MARKS[kind]}${String(Math.round(performance.now() * 10)).padStart(DIGITS, "0")}`;
}

/** Calls with the age of each text of a kind in a message, in milliseconds. */
export function readMarks(message: Buffer, kind: MarkedKind, onAge: (milliseconds: number) => void): void {
  const now = performance.now();
  for (let at = message.indexOf(MARKS[kind]); at >= 0; at = message.indexOf(MARKS[kind], at + 2)) {
    let sent = 0;
    for (let i = 0; i < DIGITS; i++) sent = sent * 10 + (message[at + 2 + i] ?? ZERO) - ZERO;
    onAge(now - sent / 10);
  }
}
