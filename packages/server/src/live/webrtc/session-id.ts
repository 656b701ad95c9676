/** Names sessions. The name permits a client to change or end the session (RFC 9725 section 4.2), so it cannot be guessed. It names its worker. */
import { randomBytes } from "node:crypto";

/** Where a session is. */
export type SessionHome = { readonly node: string; readonly worker: number };

const ID = /^([A-Za-z0-9_-]{1,64})\.(\d{1,3})\.[A-Za-z0-9_-]{22}$/;
const RANDOM_BYTES = 16;

/** @param worker its index on its node, from 0 */
export function newSessionId({ node, worker }: SessionHome): string {
  return `${node}.${worker}.${randomBytes(RANDOM_BYTES).toString("base64url")}`;
}

/** Null: no session has this name. */
export function homeOf(id: string): SessionHome | null {
  const [, node, worker] = ID.exec(id) ?? [];
  return node === undefined || worker === undefined ? null : { node, worker: Number(worker) };
}
