/**
 * Implements the RTMP handshake, opened: Adobe RTMP 1.0 section 5.2, the client's side, without digests. Bytes of the server in any pieces in; what
 * is to be sent, and the bytes behind the handshake, out.
 */
import { Malformed } from "../bytes/malformed.ts";
import { HANDSHAKE_SIZE, openHandshake, RTMP_VERSION } from "./handshake.ts";

/** S0, S1 and S2. */
const ANSWER_SIZE = 1 + 2 * HANDSHAKE_SIZE;
const NOTHING = new Uint8Array(0);

export type HandshakeStep = {
  /** To be sent now. Empty: nothing. */
  readonly reply: Uint8Array;
  /** The bytes behind S2; null while the handshake is not over. */
  readonly rest: Uint8Array | null;
};

/** Shakes hands with one server: send `opening`, `push` bytes as they come, send each `reply`, until there is a `rest`. */
export class ClientHandshake {
  /** C0 and C1. */
  readonly opening: Uint8Array;
  private readonly answer = new Uint8Array(ANSWER_SIZE);
  private filled = 0;

  /** @param random 1536 random bytes */
  constructor(random: Uint8Array) {
    this.opening = openHandshake(random, null);
  }

  /** Reads bytes, which may be changed afterwards. Not called any more once it gave a `rest`. */
  push(bytes: Uint8Array): HandshakeStep | Malformed {
    const taken = Math.min(bytes.length, ANSWER_SIZE - this.filled);
    const hadS1 = this.filled > HANDSHAKE_SIZE;
    this.answer.set(bytes.subarray(0, taken), this.filled);
    this.filled += taken;
    // A server of another protocol says so with its first byte.
    if (this.filled > 0 && this.answer[0] !== RTMP_VERSION) return new Malformed(`RTMP version ${this.answer[0]}`);
    const hasS1 = this.filled > HANDSHAKE_SIZE;
    return {
      // C2 repeats S1. Section 5.2.4 has the time of reading in bytes 4 to 7, which servers do not read, but some compare all of it.
      reply: hasS1 && !hadS1 ? this.answer.slice(1, 1 + HANDSHAKE_SIZE) : NOTHING,
      // S2 is not checked: a server with digests answers a C1 without one in its own way.
      rest: this.filled === ANSWER_SIZE ? bytes.subarray(taken) : null,
    };
  }
}
