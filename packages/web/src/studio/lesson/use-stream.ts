/** Provides the lesson's stream, asked for again and again: its figures are others each time, and what does not show them is not drawn again. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { uplinkLimitKbps } from "./encoder-settings.ts";
import { lessonPath } from "./lesson-api.ts";
import { isOfSoftware } from "./publisher-kind.ts";

const load = () => unwrap(api().GET("/api/v1/lessons/{lessonId}/stream", lessonPath));

/** As the server measures it: the lesson's own stream, null while nobody publishes it, and those of its members. */
type Measured = Awaited<ReturnType<typeof load>>;
export type LiveStream = NonNullable<Measured["stream"]>;

/** What the page is laid out by; of figures only those that seldom change. */
type StreamOutline = {
  readonly recording: string | null;
  readonly isOfSoftware: boolean;
  readonly watching: number;
  /** What a narrow uplink carries; null while it is enough. */
  readonly uplinkKbps: number | null;
};

/** A stream that is well is asked for less often: the page of a teacher who writes has enough to do. */
const REFETCH_MS = { well: 2000, else: 1000 } as const;

const QUERY = {
  queryKey: ["stream"],
  queryFn: load,
  refetchInterval: ({ state: { data } }: { readonly state: { readonly data: Measured | undefined } }) =>
    data?.stream?.uplink.health === "good" ? REFETCH_MS.well : REFETCH_MS.else,
} as const;

/** All that is measured, for what shows it. Null before the first answer, too. */
export function useStream(): LiveStream | null {
  return useQuery({ ...QUERY, select: ({ stream }) => stream }).data ?? null;
}

/** Attempts to publish the lesson's stream that failed, the newest first. */
export function useFailedAttempts(): Measured["attempts"] {
  return useQuery({ ...QUERY, select: ({ attempts }) => attempts }).data ?? [];
}

export function useStreamOutline() {
  return useQuery({ ...QUERY, select: outlineOf });
}

/** Of a small lesson, in which each member publishes. Null: nobody does. */
export function useMembersOutline(): { readonly recording: string | null } | null {
  return useQuery({ ...QUERY, select: membersOf }).data ?? null;
}

function membersOf({ members }: Measured) {
  return members.length === 0 ? null : { recording: members.find(({ recording }) => recording !== null)?.recording ?? null };
}

function outlineOf({ stream }: Measured): StreamOutline | null {
  if (stream === null) return null;
  const { recording, viewers } = stream;
  return { recording, isOfSoftware: isOfSoftware(stream), watching: viewers.total, uplinkKbps: uplinkLimitKbps(stream) };
}
