/** Parses the addresses of WebRTC sessions: `/APP/NAME/whip`, where one is opened, and `/APP/NAME/whip/SESSION`, which is one. */
import type { RequestAddress } from "../http/request-address.ts";
import { isPlayName } from "../stream-name.ts";
import type { SessionKind } from "./sessions.ts";

export type SessionAddress = {
  readonly app: string;
  readonly name: string;
  readonly query: URLSearchParams;
  /** Null: the address where sessions are opened. */
  readonly session: string | null;
};

/** Null when the path is another one. */
export function parseSessionAddress(address: RequestAddress, kind: SessionKind): SessionAddress | null {
  const [app = "", name = "", door, session, ...rest] = address.segments;
  if (door !== kind || rest.length > 0 || !isPlayName(name)) return null;
  return { app, name, query: address.query, session: session === undefined || session === "" ? null : session };
}
