/**
 * Issues and verifies the sessions of HLS viewers, who have no lasting connection. A session is a signed token in the playlist's address: it
 * proves admission to one epoch of one stream, and names the viewer. Every process with the same secret accepts it.
 *
 * Requests with one session count as one viewer. The process that issued the session holds the admission for as long as any process
 * receives requests with it.
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
/** Longer than any lesson, so that a session lasts as an open connection does. */
const LIFETIME_SECONDS = 24 * 3600;
/** A viewer without a request for this long is gone: three of the longest usual target durations. */
const ABSENT_AFTER_MS = 12_000;

type Entry = { readonly stream: Stream; readonly number: number; seenAt: number };
type Issued = { readonly admission: Admission; seenAt: number };

export class Sessions {
  private readonly secret: Uint8Array;
  private readonly maxViewers: () => number;
  private readonly seen = new Map<string, Entry>();
  private readonly byStream = new WeakMap<Stream, Map<string, Entry>>();
  /** Admissions behind the sessions that this process issued, by viewer number. */
  private readonly issued = new Map<number, Issued>();

  /**
   * @param secret the same for all processes behind one address
   * @param maxViewers viewers that are counted; further ones watch uncounted
   */
  constructor(secret: Uint8Array, most: () => number = () => Number.POSITIVE_INFINITY) {
    this.secret = secret;
    this.maxViewers = most;
  }

  /** Viewers that watch now. */
  get size(): number {
    return this.seen.size;
  }

  /** @param admission closed when requests with the session cease */
  issue(stream: Stream, admission: Admission | null = null, now = Date.now()): string {
    const payload = Buffer.concat([randomBytes(ID_BYTES), Buffer.alloc(EXPIRY_BYTES), viewerTag(admission?.viewer ?? null)]);
    payload.writeUInt32BE(Math.floor(now / 1000) + LIFETIME_SECONDS, ID_BYTES);
    if (admission) this.issued.set(payload.readUInt32BE(0), { admission, seenAt: performance.now() });
    return Buffer.concat([payload, this.mac(stream, payload)]).toString("base64url");
  }

  /** Whether a verified session was issued to a viewer. */
  belongsTo(session: string, viewer: string): boolean {
    const bytes = Buffer.from(session, "base64url");
    return bytes.subarray(PAYLOAD_BYTES - VIEWER_BYTES, PAYLOAD_BYTES).equals(viewerTag(viewer));
  }

  /** Other processes have received requests of these viewers. */
  seenElsewhere(numbers: readonly number[], now = performance.now()): void {
    for (const number of numbers) {
      const issued = this.issued.get(number);
      if (issued) issued.seenAt = now;
    }
  }

  /** Numbers of viewers here whose sessions other processes issued. */
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

  /** Records a request with a verified session. True for a new viewer. */
  touch(session: string, stream: Stream, now = performance.now()): boolean {
    const known = this.seen.get(session);
    if (known) {
      known.seenAt = now;
      const issued = this.issued.get(known.number);
      if (issued) issued.seenAt = now;
      return false;
    }
    if (this.seen.size >= this.maxViewers()) return false;
    const entry = { stream, number: Buffer.from(session, "base64url").readUInt32BE(0), seenAt: now };
    this.seen.set(session, entry);
    const of = this.byStream.get(stream) ?? new Map<string, Entry>();
    this.byStream.set(stream, of.set(session, entry));
    return true;
  }

  /** Viewers of a stream. */
  count(stream: Stream): number {
    return this.byStream.get(stream)?.size ?? 0;
  }

  /** Numbers of a stream's viewers, by which all processes together count each viewer once. */
  viewerNumbers(stream: Stream): number[] {
    return [...(this.byStream.get(stream)?.values() ?? [])].map(({ number }) => number);
  }

  /** Forgets viewers who are gone, and closes their admissions. */
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

  /** Closes all admissions. */
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
