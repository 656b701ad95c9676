/** Presents candidates on the wall: what is live, what needs attention, and in which order. Of a thousand, only those of the page get addresses. */
import { STILLS_ONLY, signLink } from "../../../access/links/signed-link.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { CandidateStreams } from "../candidate-streams.ts";
import { kindsOf, type StreamKind } from "../supervised.ts";
import { attentionOf, type SeenStream } from "./attention.ts";
import { candidateStream } from "./stream-names.ts";
import { ATTENTION, type Attention, type WALL_STATES } from "./wall-shapes.ts";
import type { WallCandidate } from "./wall-state.ts";

export type WallSources = CandidateStreams & {
  readonly app: string;
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export type WallItem = {
  readonly candidate: WallCandidate;
  readonly state: (typeof WALL_STATES)[number];
  readonly streams: ReadonlyMap<StreamKind, SeenStream & { readonly name: string }>;
  readonly attention: readonly Attention[];
};

/** Addresses stay the same for this long, and open stills until twice as long after it. */
const STILLS_SECONDS = 60;

/** Without addresses, in no order. */
export function wallItem(exam: Exam, candidate: WallCandidate, { app, liveSince, uplinkOf, now }: WallSources): WallItem {
  const streams = new Map<StreamKind, SeenStream & { readonly name: string }>();
  if (exam.stream_name !== null)
    for (const kind of kindsOf(exam.supervision)) {
      const name = candidateStream(exam.stream_name, { attempt: candidate.id, kind, seat: candidate.seat });
      streams.set(kind, { name, since: liveSince(app, name), uplink: uplinkOf(app, name, now) });
    }
  const { handedInAt, pausedAt, startedAt } = candidate;
  const state = handedInAt ? "handed-in" : pausedAt ? "paused" : startedAt ? "sitting" : "waiting";
  return { candidate, state, streams, attention: attentionOf(exam.supervision, candidate, streams, now) };
}

/** The most urgent first; those who need the same, by name. */
export function compareItems(one: WallItem, other: WallItem): number {
  const byAttention = rankOf(one) - rankOf(other);
  if (byAttention !== 0) return byAttention;
  const [a, b] = [one.candidate.searched, other.candidate.searched];
  if (a !== b) return a < b ? -1 : 1;
  return one.candidate.id < other.candidate.id ? -1 : 1;
}

function rankOf({ attention, state }: WallItem): number {
  const [first] = attention;
  if (first !== undefined) return ATTENTION.indexOf(first);
  return state === "handed-in" ? ATTENTION.length + 1 : ATTENTION.length;
}

/** A candidate as the wall and the page of one have it. */
export function presentItem({ candidate, state, streams, attention }: WallItem, sources: WallSources) {
  return {
    attemptId: candidate.id,
    name: candidate.name,
    login: candidate.login,
    groupId: candidate.groupId,
    state,
    startedAt: candidate.startedAt,
    endsAt: candidate.endsAt,
    extraSeconds: candidate.extraSeconds,
    pausedAt: candidate.pausedAt,
    heardAt: candidate.heardAt,
    attention: [...attention],
    unseenMessages: candidate.unseenMessages,
    streams: Object.fromEntries([...streams].map(([kind, stream]) => [kind, presentStream(stream, sources)])),
  };
}

export function presentStream({ name, since, uplink }: SeenStream & { readonly name: string }, { app, secret, now }: WallSources) {
  const expires = (Math.floor(now / 1000 / STILLS_SECONDS) + 3) * STILLS_SECONDS;
  const still = () => `/${app}/${name}.frame?${signLink({ app, name, expires, viewer: STILLS_ONLY }, secret)}`;
  return {
    live: since !== null,
    since: since === null ? null : new Date(since),
    still: since === null ? null : still(),
    uplink: uplink && {
      kbps: Math.round(uplink.kbps),
      fps: Math.round(uplink.fps * 10) / 10,
      health: uplink.health,
      verdict: uplink.verdict,
    },
  };
}
