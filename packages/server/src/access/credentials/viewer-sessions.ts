/**
 * Issues and verifies viewer sessions. A session is a signed token in the path of playlists and files, `/s/SESSION/`: it proves the admission
 * to one stream's epoch or to one recording, and has a tag of its viewer. Every process with the same secret accepts it. A cache leaves it out
 * of its key (docs/cdn.md).
 */

import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import { systemClock } from "../../platform/clock.ts";
import { viewerTag } from "./viewer-set.ts";

const ID_BYTES = 6;
const EXPIRY_BYTES = 4;
const VIEWER_BYTES = 8;
const MAC_BYTES = 12;
const PAYLOAD_BYTES = ID_BYTES + EXPIRY_BYTES + VIEWER_BYTES;
/** Longer than any lesson, so that a session lasts as an open connection does. */
const LIFETIME_SECONDS = 24 * 3600;

/** Sessions that are remembered as verified. */
const MAX_VERIFIED = 50_000;
/** Ended sessions that are remembered: many more than end in the lifetime of one. */
const MAX_ENDED = 50_000;

/** What a session opens. */
export type SessionScope =
  | { readonly app: string; readonly name: string; readonly epoch: string }
  /** The id of a recording. */
  | { readonly recording: string };

export class ViewerSessions {
  private readonly key: KeyObject;
  /** Scope and expiry of verified sessions: a viewer asks for several files each second, and a comparison of texts is cheaper than a signature. */
  private readonly verified = new Map<string, { readonly scope: string; readonly expiresAt: number }>();

  /** Numbers of sessions that lost their seats, in the order in which they did. */
  private readonly ended = new Set<number>();

  /** @param secret the same for all processes behind one address */
  constructor(secret: Uint8Array) {
    this.key = createSecretKey(secret);
  }

  /** A new session of 40 characters. @param viewer the viewer's id; null: nobody in particular */
  issue(scope: SessionScope, viewer: string | null, now = systemClock.utc()): string {
    const payload = Buffer.concat([randomBytes(ID_BYTES), Buffer.alloc(EXPIRY_BYTES), Buffer.from(viewerTag(viewer), "base64url")]);
    payload.writeUInt32BE(Math.floor(now / 1000) + LIFETIME_SECONDS, ID_BYTES);
    return Buffer.concat([payload, this.mac(textOf(scope), payload)]).toString("base64url");
  }

  /** Whether a session opens this, and has not expired. */
  verify(session: string, scope: SessionScope, now = systemClock.utc()): boolean {
    const text = textOf(scope);
    const known = this.verified.get(session);
    if (known?.scope === text) return known.expiresAt > now;
    const bytes = Buffer.from(session, "base64url");
    if (bytes.length !== PAYLOAD_BYTES + MAC_BYTES) return false;
    const payload = bytes.subarray(0, PAYLOAD_BYTES);
    if (!timingSafeEqual(bytes.subarray(PAYLOAD_BYTES), this.mac(text, payload))) return false;
    const expiresAt = payload.readUInt32BE(ID_BYTES) * 1000;
    this.verified.set(session, { scope: text, expiresAt });
    const oldest = this.verified.size > MAX_VERIFIED ? this.verified.keys().next().value : undefined;
    if (oldest !== undefined) this.verified.delete(oldest);
    return expiresAt > now;
  }

  /** Sessions that lost their seats to others of their viewers: they open nothing any more. */
  end(numbers: readonly number[]): void {
    for (const number of numbers) this.ended.add(number);
    for (const oldest of this.ended) {
      if (this.ended.size <= MAX_ENDED) break;
      this.ended.delete(oldest);
    }
  }

  /** Whether a session has lost its seat. */
  hasEnded(session: string): boolean {
    if (this.ended.size === 0) return false;
    const bytes = Buffer.from(session, "base64url");
    return bytes.length >= ID_BYTES && this.ended.has(bytes.readUInt32BE(0));
  }

  private mac(scope: string, payload: Uint8Array): Buffer {
    return createHmac("sha256", this.key).update(scope).update(payload).digest().subarray(0, MAC_BYTES);
  }
}

function textOf(scope: SessionScope): string {
  return "recording" in scope ? `vod ${scope.recording} ` : `hls ${scope.app}/${scope.name} ${scope.epoch} `;
}

/** The tag of the viewer to whom a verified session was issued. */
export function sessionViewerTag(session: string): string {
  return Buffer.from(session, "base64url")
    .subarray(PAYLOAD_BYTES - VIEWER_BYTES, PAYLOAD_BYTES)
    .toString("base64url");
}

/** The number by which all processes count a verified session's viewer. */
export function sessionNumber(session: string): number {
  return Buffer.from(session, "base64url").readUInt32BE(0);
}
