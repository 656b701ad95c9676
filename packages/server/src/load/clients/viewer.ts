/** Defines what viewers of all protocols have in common: what they are given, what they tell, and how they judge playback. */
import type { PlaybackModel } from "../../operations/probe/playback-model.ts";
import type { LineTarget } from "./http-line.ts";

export type ViewerOptions = {
  /** A signed link. */
  readonly url: URL;
  /** When the publisher sent the frame of a time of the stream, milliseconds of this process; null: unknown. */
  readonly sentAt: (timestamp: number) => number | null;
  /** @param milliseconds from the request */
  readonly onFirstFrame: (milliseconds: number) => void;
  /** How old the newest frame was when it came. */
  readonly onDelay: (milliseconds: number) => void;
  /** Called once, and not after `close`. @param code of the refusal, or what happened */
  readonly onEnd: (code: string) => void;
};

export type Viewer = {
  readonly playback: PlaybackModel;
  /** Of media. */
  readonly bytes: () => number;
  readonly close: () => void;
};

export function targetOf({ protocol, hostname, port }: URL): LineTarget {
  const isTls = protocol === "https:" || protocol === "wss:";
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? (isTls ? 443 : 80) : Number(port), isTls };
}

/** The stable code of an answer's problem details; else its status. */
export function codeOf(status: number, body: Buffer | string): string {
  if (status === 0) return "no-answer";
  return /"code":"([a-z0-9-]+)"/.exec(String(body))?.[1] ?? `http-${status}`;
}

/** The code of how a WebSocket ended. @param reason of `WebSocketLine` */
export function codeOfClose(reason: string): string {
  if (reason.startsWith("HTTP/")) return codeOf(Number(reason.slice(9, 12)), reason);
  return /^[\w-]+/.exec(reason)?.[0] ?? "closed";
}
