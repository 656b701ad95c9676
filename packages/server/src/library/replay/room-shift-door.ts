/**
 * Serves the room of then to viewers who have rewound a live lesson: `/live/NAME/room.json?start=SECONDS`, what newcomers would have got at the
 * beginning of that minute of the clock, and what happened in it. A node needs none of the stream's files for it.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import type { AccessControl } from "../../access/access.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import type { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import type { RoomReplayMessages, RoomReplayRequest } from "../../contracts/rooms/room-replay.ts";
import type { Door } from "../../live/http/door.ts";
import { clientFactsOf, type MediaRequest as Request, type MediaResponse as Response } from "../../live/http/media-request.ts";
import { answerOtherMethod, sendRefusal } from "../../live/http/responses.ts";
import { liveText } from "../../live/live-texts.ts";
import { Refusal } from "../../platform/refusal.ts";
import { libraryText } from "../library-texts.ts";
import type { ReplayEvents } from "./door.ts";
import { sendZipped } from "./room-door.ts";

export type RoomShiftOptions = {
  readonly streamPolicies: Pick<StreamPolicyCache, "find">;
  readonly check: AccessControl["check"];
  readonly apps: () => readonly string[];
  readonly ask: RoomReplayMessages["roomReplay"];
  /** How far back viewers can go. */
  readonly windowSeconds: () => number;
  readonly events: ReplayEvents;
  readonly now: () => number;
};

type RoomShiftAddress = { readonly app: string; readonly name: string };

const ADDRESS = /^\/([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,128})\/room\.json$/;
const WINDOW_MS = 60_000;
/** The same minute is asked for by all who have rewound to it. */
const CACHED_MS = 1000;
const MAX_CACHED = 200;
/** An entry is nearly always stored this long after its time. */
const SETTLED_MS = 3000;

export class RoomShiftDoor implements Door<RoomShiftAddress> {
  readonly name = "room-shift";
  private readonly options: RoomShiftOptions;
  private readonly cached = new Map<string, { readonly at: number; readonly value: Promise<Buffer> }>();

  constructor(options: RoomShiftOptions) {
    this.options = options;
  }

  match({ address }: Request): RoomShiftAddress | null {
    const [, app, name] = ADDRESS.exec(address.path) ?? [];
    return app && name && this.options.apps().includes(app) ? { app, name } : null;
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: Request, response: Response, address: RoomShiftAddress): void {
    if (request.method !== "GET" && request.method !== "HEAD") return answerOtherMethod(request, response);
    const { app, name } = address;
    const refuse = (refusal: Refusal) => {
      this.options.events.refused("play", "room", `${app}/${name}`, request.ip, refusal);
      sendRefusal(request, response, refusal);
    };
    this.serve(request, response, address).then(
      (refusal) => refusal && refuse(refusal),
      () => refuse(new Refusal("control-away")),
    );
  }

  close(): void {}

  private async serve(request: Request, response: Response, { app, name }: RoomShiftAddress): Promise<Refusal | null> {
    const { check, streamPolicies, now } = this.options;
    const { query, signedPrefix } = request.address;
    const credentials = credentialsOf(query, undefined, signedPrefix);
    const refused = await check({ action: "play", protocol: "room", app, name, client: clientFactsOf(request), credentials });
    if (refused) return refused;
    const start = query.get("start") ?? "";
    if (!/^\d{1,11}$/.test(start)) return new Refusal("bad-request", libraryText("times"));
    // Full minutes, which many viewers share.
    const at = Math.floor((Number(start) * 1000) / WINDOW_MS) * WINDOW_MS;
    if (at < now() - this.options.windowSeconds() * 1000 - WINDOW_MS) return new Refusal("not-found", liveText("not-kept"));
    if (at > now()) return new Refusal("bad-request", libraryText("in-the-future"));
    const policy = await streamPolicies.find(app, name);
    if (policy instanceof Refusal) return policy;
    if (!policy?.lessonId) return new Refusal("not-found");
    const bytes = await this.minute(policy.lessonId, at);
    sendZipped(request, response, bytes, "no-store");
    this.options.events.sent("room", bytes.length);
    return null;
  }

  private minute(lesson: string, at: number): Promise<Buffer> {
    const key = `${lesson} ${at}`;
    const known = this.cached.get(key);
    if (known && this.options.now() - known.at < CACHED_MS) return known.value;
    const value = this.read(lesson, at);
    this.cached.delete(key);
    this.cached.set(key, { at: this.options.now(), value });
    const oldest = this.cached.size > MAX_CACHED ? this.cached.keys().next().value : undefined;
    if (oldest !== undefined) this.cached.delete(oldest);
    value.catch(() => {
      if (this.cached.get(key)?.value === value) this.cached.delete(key);
    });
    return value;
  }

  private async read(lesson: string, at: number): Promise<Buffer> {
    const to = at + WINDOW_MS;
    const spans = [{ at, position: 0, length: WINDOW_MS, lasts: WINDOW_MS }];
    const [snapshot, entries] = await Promise.all([
      this.part({ kind: "snapshot", lesson, at }),
      this.part({ kind: "entries", lesson, from: at, to, spans }),
    ]);
    // What comes after `to` may still grow.
    const until = Math.max(at, Math.min(to, this.options.now() - SETTLED_MS));
    return gzipSync(JSON.stringify({ from: at, to: until, ...snapshot, ...entries }));
  }

  private async part(request: RoomReplayRequest): Promise<object> {
    const answer = await this.options.ask(request);
    const content: unknown = answer.kind === "file" ? JSON.parse(gunzipSync(Buffer.from(answer.gzip, "base64")).toString()) : null;
    if (typeof content !== "object" || content === null) throw new Error("the control process answered another question");
    return content;
  }
}
