/** Connects rooms with lessons: who may enter, who they are, the rooms' owners, and the state of the lesson as a signal of this worker. */

import { credentialsOf } from "../../access/credentials/credentials.ts";
import { viewerSet } from "../../access/credentials/viewer-set.ts";
import { verifyLink } from "../../access/links/signed-link.ts";
import type { StreamPolicy } from "../../access/policies/stream-policy.ts";
import type { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import { clientFactsOf, type MediaRequest } from "../../live/http/media-request.ts";
import { peerOf, type StreamKey } from "../../live/relay/registry/stream-table-entry.ts";
import { type RoomAdmission, RoomDoor } from "../../live/rooms/door.ts";
import type { StreamLocator } from "../../live/streams/index.ts";
import { systemClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { WorkerAccess } from "./worker-access.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerStreams } from "./worker-streams.ts";

/** The interval of checks for a changed state or audience. */
const STATE_POLL_MS = 1000;
/** Codes of lessons that this worker remembers, so that rooms work while the control process is unreachable. */
const MAX_CODES = 1000;

/** One list for all members: sets are made once for each list. */
const NOBODY: readonly string[] = [];

type Parts = { readonly streams: WorkerStreams; readonly access: WorkerAccess };
type RoomState = {
  readonly state: StreamPolicy["state"];
  readonly startedAt: number | null;
  /** As `StreamPolicy.publisherLeftAt`. */
  readonly publisherLeftAt: number | null;
  readonly viewers: number;
};
/** The stream of a lesson, and the lesson's id. */
type LessonStream = StreamKey & { readonly room: string };

/** Whether a request may have what a room shows. @returns the lesson */
export type PermitRoom = (code: string, request: MediaRequest) => Promise<Pick<LessonStream, "room"> | Refusal>;

export function openRooms(
  context: WorkerContext,
  { streams, access }: Parts,
): { readonly door: RoomDoor; readonly permit: PermitRoom } {
  const { start, supervisor, askRoom, events } = context;
  const streamOf = rememberStreams(context);
  const follow = (stream: StreamKey, listener: (state: RoomState) => void) =>
    followState(
      (viewers) => stateOf(streams.locator, access.streamPolicies, stream, viewers),
      () => supervisor.call("audience", stream),
      listener,
    );
  const door = new RoomDoor({
    worker: peerOf(start.node, start.name),
    ask: askRoom,
    enter: async (code, request) => {
      const held = await access.protection.gate.checkRoom(request);
      if (held) return held;
      const stream = await streamOf(code, request.ip);
      if (stream instanceof Refusal) return stream;
      const entered = await enter(context, access, stream, request);
      const { app, name } = stream;
      return entered instanceof Refusal ? entered : { ...entered, follow: (listener) => follow({ app, name }, listener) };
    },
    onRefused: (code, ip, refusal) => events.refused("room", "ws", code, ip, refusal),
  });
  const permit: PermitRoom = async (code, request) => {
    const held = await access.protection.gate.checkRoom(request);
    if (held) return held;
    const stream = await streamOf(code, request.ip);
    if (stream instanceof Refusal) return stream;
    const entered = await enter(context, access, stream, request);
    if (entered instanceof Refusal) return entered;
    const withdrawn = entered.isWithdrawn();
    return withdrawn === null ? { room: stream.room } : new Refusal("removed-from-lesson");
  };
  return { door, permit };
}

/** The permission is that of watching the lesson: its signed link, for a participant who was not removed. */
async function enter(
  { config }: WorkerContext,
  { control, streamPolicies }: WorkerAccess,
  { app, name, room }: LessonStream,
  request: MediaRequest,
): Promise<Omit<RoomAdmission, "follow"> | Refusal> {
  const credentials = credentialsOf(request.address.query, request.headers.authorization);
  const refusal = await control.check({ action: "play", protocol: "room", app, name, client: clientFactsOf(request), credentials });
  if (refusal) return refusal;
  const isRemoved = () => credentials.isAmong(viewerSet(streamPolicies.peek(app, name)?.removed ?? NOBODY));
  const { link } = credentials;
  // Rules may let viewers in without a link, or with one of another system: such a viewer may watch, and is no participant.
  const check = { app, name, ip: request.ip, secrets: config().secrets.links, now: systemClock.utc() };
  const participant = link && link.viewer !== "" && verifyLink(link, check) === "valid" ? link.viewer : null;
  return { room, participant, isWithdrawn: () => (isRemoved() ? "removed-from-lesson" : null) };
}

function rememberStreams({ ask }: WorkerContext): (code: string, ip: string) => Promise<LessonStream | Refusal> {
  const known = new Map<string, LessonStream>();
  return async (code, ip) => {
    const stream = known.get(code);
    if (stream) return stream;
    const answer = await ask("roomStream", { code, ip }).catch(() => new Refusal("control-away"));
    if (answer instanceof Refusal) return answer;
    if ("refused" in answer) return new Refusal(answer.refused);
    known.set(code, answer);
    const oldest = known.size > MAX_CODES ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return answer;
  };
}

/** The lesson's state from what this worker knows of its stream and its policy. */
function stateOf(locator: StreamLocator, policies: StreamPolicyCache, { app, name }: StreamKey, viewers: number): RoomState {
  const location = locator.locate(app, name);
  if (location) return { state: "live", startedAt: location.startedAt, publisherLeftAt: null, viewers };
  const policy = policies.peek(app, name);
  const state = policy?.open === false ? "ended" : (policy?.state ?? "scheduled");
  return { state, startedAt: null, publisherLeftAt: policy?.publisherLeftAt ?? null, viewers: 0 };
}

/** Calls the listener at once and at every change. Returns the function that ends it. */
function followState(
  read: (viewers: number) => RoomState,
  audience: () => Promise<number>,
  listener: (state: RoomState) => void,
): () => void {
  let viewers = 0;
  let last = "";
  const check = (): void => {
    const state = read(viewers);
    const text = JSON.stringify(state);
    if (text !== last) listener(state);
    last = text;
  };
  const poll = (): void => {
    audience().then(
      (count) => {
        viewers = count;
        check();
      },
      // The last count holds while the supervisor does not answer.
      check,
    );
  };
  check();
  poll();
  const timer = setInterval(poll, STATE_POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
