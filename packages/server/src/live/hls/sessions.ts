/**
 * Sessions of HLS viewers, who have no connection that could stand for them. A session is a token in the playlist's address: it
 * says that permission was asked and given for one epoch of one stream, and to whom. Every process with the same secret accepts it.
 * Whoever goes on asking for its playlist is one viewer; the process that has given the session keeps the permission behind it for as
 * long as the viewer is seen by any.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Admission } from "../../access/admission.ts";
import type { Stream } from "../streams/index.ts";

const ID_BYTES = 6;
const EXPIRY_BYTES = 4;
/** Of a hash of the viewer's id; zeros where there is none. */
const VIEWER_BYTES = 8;
const MAC_BYTES = 12;
const PAYLOAD_BYTES = ID_BYTES + EXPIRY_BYTES + VIEWER_BYTES;
/** Longer than any lesson. A connection that was let in is not asked again either. */
const LIFETIME_SECONDS = 24 * 3600;
/** A viewer that has not asked for so long is gone: three of the longest usual target durations. */
const ABSENT_AFTER_MS = 12_000;

type Entry = { readonly stream: Stream; readonly number: number; seenAt: number };
type Issued = { readonly admission: Admission; seenAt: number };

export class Sessions {
  private readonly secret: Uint8Array;
  private readonly most: () => number;
  private readonly seen = new Map<string, Entry>();
  private readonly byStream = new WeakMap<Stream, Map<string, Entry>>();
  /** Permissions behind the sessions that were given here, by number. */
  private readonly issued = new Map<number, Issued>();

  /**
   * @param secret the same for all processes that stand behind one address
   * @param most viewers that are remembered; more are watching uncounted
   */
  constructor(secret: Uint8Array, most: () => number = () => Number.POSITIVE_INFINITY) {
    this.secret = secret;
    this.most = most;
  }

  /** Viewers that are watching. */
  get size(): number {
    return this.seen.size;
  }

  /** @param admission what it stands for; closed when the viewer is not seen any more */
  issue(stream: Stream, admission: Admission | null = null, now = Date.now()): string {
    const payload = Buffer.concat([randomBytes(ID_BYTES), Buffer.alloc(EXPIRY_BYTES), viewerTag(admission?.viewer ?? null)]);
    payload.writeUInt32BE(Math.floor(now / 1000) + LIFETIME_SECONDS, ID_BYTES);
    if (admission) this.issued.set(payload.readUInt32BE(0), { admission, seenAt: performance.now() });
    return Buffer.concat([payload, this.mac(stream, payload)]).toString("base64url");
  }

  /** Whether a verified session was given to a viewer. */
  isOf(session: string, viewer: string): boolean {
    const bytes = Buffer.from(session, "base64url");
    return bytes.subarray(PAYLOAD_BYTES - VIEWER_BYTES, PAYLOAD_BYTES).equals(viewerTag(viewer));
  }

  /** Others have seen these viewers. */
  seenElsewhere(numbers: readonly number[], now = performance.now()): void {
    for (const number of numbers) {
      const issued = this.issued.get(number);
      if (issued) issued.seenAt = now;
    }
  }

  /** Numbers of viewers who are here with sessions that others have given. */
  foreign(): number[] {
    return [...this.seen.values()].flatMap(({ number }) => (this.issued.has(number) ? [] : [number]));
  }

  /** Whether a session may watch a stream. */
  verify(session: string, stream: Stream, now = Date.now()): boolean {
    if (this.seen.get(session)?.stream === stream) return true;
    const bytes = Buffer.from(session, "base64url");
    if (bytes.length !== PAYLOAD_BYTES + MAC_BYTES) return false;
    const payload = bytes.subarray(0, PAYLOAD_BYTES);
    return timingSafeEqual(bytes.subarray(PAYLOAD_BYTES), this.mac(stream, payload)) && payload.readUInt32BE(ID_BYTES) * 1000 > now;
  }

  /** A verified session is there. True when it was not before. */
  renew(session: string, stream: Stream, now = performance.now()): boolean {
    const known = this.seen.get(session);
    if (known) {
      known.seenAt = now;
      const issued = this.issued.get(known.number);
      if (issued) issued.seenAt = now;
      return false;
    }
    if (this.seen.size >= this.most()) return false;
    const entry = { stream, number: Buffer.from(session, "base64url").readUInt32BE(0), seenAt: now };
    this.seen.set(session, entry);
    const of = this.byStream.get(stream) ?? new Map<string, Entry>();
    this.byStream.set(stream, of.set(session, entry));
    return true;
  }

  /** How many watch a stream. */
  count(stream: Stream): number {
    return this.byStream.get(stream)?.size ?? 0;
  }

  /** Numbers of those who watch a stream, by which they are counted once on all processes. */
  numbers(stream: Stream): number[] {
    return [...(this.byStream.get(stream)?.values() ?? [])].map(({ number }) => number);
  }

  /** Forgets those who are gone. */
  sweep(now = performance.now()): void {
    for (const [number, { admission, seenAt }] of this.issued) {
      if (now - seenAt <= ABSENT_AFTER_MS) continue;
      this.issued.delete(number);
      admission.close();
    }
    for (const [session, { stream, seenAt }] of this.seen) {
      if (now - seenAt <= ABSENT_AFTER_MS) continue;
      this.seen.delete(session);
      this.byStream.get(stream)?.delete(session);
    }
  }

  /** All are gone. */
  close(): void {
    for (const { admission } of this.issued.values()) admission.close();
    this.issued.clear();
  }

  private mac(stream: Stream, payload: Uint8Array): Buffer {
    const { app, name, epoch } = stream;
    return createHmac("sha256", this.secret).update(`hls ${app}/${name} ${epoch} `).update(payload).digest().subarray(0, MAC_BYTES);
  }
}

function viewerTag(viewer: string | null): Buffer {
  return viewer === null ? Buffer.alloc(VIEWER_BYTES) : createHash("sha256").update(viewer).digest().subarray(0, VIEWER_BYTES);
}
