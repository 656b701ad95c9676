/** What the processes of one machine ask each other. */
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import type { RecordingInfo } from "../../access/policies/recording-info.ts";
import type { StreamPolicy } from "../../access/policies/stream-policy.ts";
import type { InspectedRecording } from "../../library/maintenance/recording-maintenance.ts";
import type { PathReport } from "../../live/relay/transport/upstream.ts";
import type { Claim, ClaimOptions, Location, LogPosition, Occupancy, Yielded } from "../../live/streams/index.ts";
import type { Member } from "../../network/membership.ts";
import type { StreamPopularity } from "../../network/stream-popularity.ts";
import type { MetricValues } from "../../operations/metrics.ts";
import type { WorkerReport } from "../../operations/stream-report.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Refusal, RefusalCode } from "../../platform/refusal.ts";
import type { DemoSchool, ExpectedAudience, OpenAlarm, PrefetchResult } from "../../school/school.ts";

export type StreamName = { readonly app: string; readonly name: string };
type StreamEpoch = StreamName & { readonly epoch: string };
export type Located = StreamName & { readonly location: Location | null };
export type ClaimAnswer =
  | { readonly claim: Claim }
  | { readonly refused: { readonly code: RefusalCode; readonly message: Refusal["message"] } };

/** The other nodes, as the processes of this one have to know them. */
export type NodeTable = {
  /** Where the media workers of each node are, in their order, by its name. */
  readonly relays: Readonly<Record<string, { readonly host: string; readonly ports: readonly number[] }>>;
  /** The node whose control process is asked; null: this one's own; empty: there is none. */
  readonly control: string | null;
  /** Whom streams are likely to be fetched from, the likeliest first. */
  readonly likely: readonly string[];
};

/** How busy a worker is. */
export type WorkerLoad = {
  readonly connections: number;
  /** So far. */
  readonly sentBytes: number;
  readonly cpuSeconds: number;
  /** By which it follows streams of other processes. */
  readonly paths: readonly PathReport[];
  /** What most people watch there. */
  readonly crowds: readonly StreamPopularity[];
};

export type WorkerStart = {
  /** How the worker is called on its node, and the node. */
  readonly name: string;
  readonly node: string;
  readonly nodes: NodeTable;
  /** Where other nodes reach its streams; null on a machine that is alone. */
  readonly relay: { readonly host: string; readonly port: number } | null;
  readonly config: Config;
  /** Where the processes' Unix sockets are. */
  readonly directory: string;
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** Signs what all workers must accept. */
  readonly secret: Uint8Array;
  /** What is live on the others. */
  readonly located: readonly Located[];
  /** Who was in when the worker of this name died, and has not been reported gone. */
  readonly orphans: readonly CallbackEvent[];
};

export type ControlStart = {
  readonly config: Config;
  readonly directory: string;
  readonly adminToken: string | null;
  /** Of the first operator; null to make one. */
  readonly adminPassword: string | null;
  readonly rtmpPort: number;
  /** What is live. */
  readonly located: readonly Located[];
  /** What is wrong at the workers. */
  readonly alarms: readonly OpenAlarm[];
  /** Where the built pages are. */
  readonly pages: string;
  /** Make the demonstration's school, and tell of it. */
  readonly demo: boolean;
};

/** A lesson's rule, or that no lesson has the stream. */
export type RuleUpdate = StreamName & { readonly rule: StreamPolicy | null };

/** Somebody who came by RTMP, of whom only the app is known yet. */
export type RtmpVisitor = { readonly app: string; readonly ip: string; readonly to: "play" | "publish" };

/** A file of a recording was begun, or is whole. @see Recorder */
export type RecordedFile = { readonly recording: string; readonly path: string; readonly whole: boolean };
/** Files are called `NODE:PATH` between nodes; seconds. */
export type ClipRequest = { readonly files: readonly string[]; readonly from: number; readonly to: number };
export type RecordRequest = StreamName & { readonly action: "start" | "stop" };

/** What the supervisor can be asked by its children. */
export type SupervisorMethods = {
  readonly claim: (of: StreamName & { readonly fresh: boolean; readonly manner: ClaimOptions }) => Promise<ClaimAnswer>;
  readonly occupied: (of: StreamName & { readonly silentMs: number | null }) => Promise<Occupancy>;
  /** Asks the control process. */
  readonly streamRule: (of: StreamName) => Promise<StreamPolicy | null>;
  /** Asks the control process where somebody is to be sent who came by RTMP. Null: nowhere else. */
  readonly betterRtmp: (of: RtmpVisitor) => Promise<string | null>;
  /** Tells all workers. */
  readonly rule: (news: RuleUpdate) => void;
  /** Asks the control process. */
  readonly recordingRule: (of: { readonly id: string }) => Promise<RecordingInfo | null>;
  /** Tells all workers: null when it is gone. */
  readonly recording: (news: { readonly id: string; readonly rule: RecordingInfo | null }) => void;
  /** Tells the control process. */
  readonly recorded: (file: RecordedFile) => void;
  /** Has this node and others fetch the beginning of a recording. */
  readonly prefetch: (of: { readonly id: string; readonly nodes: readonly string[] | "all" }) => Promise<PrefetchResult>;
  /** All that is wrong at a worker at present. */
  readonly alarms: (open: readonly OpenAlarm[]) => void;
  /** Asks the worker that writes the stream. False when none does. */
  readonly record: (ask: RecordRequest) => Promise<boolean>;
  /** Viewers who are seen with sessions that another worker has given. */
  readonly viewersSeen: (numbers: readonly number[]) => void;
  /** Somebody of whom the school's own system knows is in, or has gone. */
  readonly entered: (event: CallbackEvent) => void;
  readonly left: (event: CallbackEvent) => void;
  /** The password that was made for the first operator, to be shown once. */
  readonly firstPassword: (password: string) => void;
  /** The demonstration's school is there. */
  readonly demoSchool: (school: DemoSchool) => void;
  readonly keeps: (of: StreamEpoch) => void;
  readonly drops: (of: StreamEpoch) => void;
  readonly ended: (of: StreamEpoch) => void;
  /** How many viewers a worker has. */
  readonly viewers: (count: number) => void;
  readonly load: (load: WorkerLoad) => void;
  /** People are expected in these lessons. */
  readonly expected: (lessons: readonly ExpectedAudience[]) => void;
  /** All nodes, this one first. */
  readonly nodes: () => Promise<Member[]>;
  /** Has a node take nobody new, and send those away who are there; or take them again. False when there is no such node. */
  readonly drainNode: (of: { readonly id: string; readonly draining: boolean }) => Promise<boolean>;
  /** Has nodes fetch a stream before somebody watches it; null: all. Gives those that do. */
  readonly prefetchStream: (of: StreamName & { readonly nodes: readonly string[] | null }) => Promise<string[]>;
  /** All that is wrong at a node that has no control process. */
  readonly alarmsOf: (open: readonly OpenAlarm[]) => void;
  /** A node that has no control process has seen what was recorded there. Fails when it could not be noted. */
  readonly recordingSeen: (recording: InspectedRecording) => Promise<void>;
  /** Asks the node that has the files. @see Keeper */
  readonly clip: (of: ClipRequest) => Promise<InspectedRecording | null>;
  readonly removeFiles: (of: { readonly files: readonly string[] }) => Promise<void>;
  /** Asks all workers of all nodes, and gives the answers of those that have one; or those of this node. */
  readonly streams: () => Promise<WorkerReport[]>;
  readonly ownStreams: () => Promise<WorkerReport[]>;
  readonly metrics: () => Promise<MetricValues[]>;
  readonly endStream: (of: StreamName) => Promise<boolean>;
};

/** What a media worker can be asked. */
export type WorkerMethods = {
  /** Gives the port at which other nodes reach it; 0 on a machine that is alone. */
  readonly start: (options: WorkerStart) => Promise<number>;
  readonly located: (news: Located) => void;
  readonly nodes: (table: NodeTable) => void;
  /** Who was in at a node that died. */
  readonly orphans: (events: readonly CallbackEvent[]) => void;
  /** Keeps a copy of a stream for a while, though nobody watches it. False when it is not live. */
  readonly prefetchStream: (of: StreamName) => boolean;
  /** Takes nobody new, and moves those on who are there; or takes people again. */
  readonly setDraining: (draining: boolean) => void;
  readonly yield: (of: StreamName & { readonly to: string; readonly manner: ClaimOptions }) => Yielded | null;
  readonly newest: (of: StreamName) => LogPosition | null;
  readonly occupied: (of: StreamName & { readonly silentMs: number | null }) => Promise<Occupancy>;
  readonly rule: (news: RuleUpdate) => void;
  /** The control process has begun anew. */
  readonly refreshRules: () => void;
  readonly viewersSeen: (numbers: readonly number[]) => void;
  readonly streams: () => WorkerReport[];
  readonly metrics: () => Promise<MetricValues>;
  readonly endStream: (of: StreamName) => boolean;
  readonly record: (ask: RecordRequest) => boolean;
  readonly recording: (news: { readonly id: string; readonly rule: RecordingInfo | null }) => void;
  readonly prefetch: (of: { readonly id: string }) => Promise<number>;
  readonly viewersElsewhere: (count: number) => void;
  readonly reload: (config: Config) => void;
  readonly drain: () => Promise<Drained>;
};

/** What the control process can be asked. */
export type ControlMethods = {
  readonly start: (options: ControlStart) => Promise<void>;
  readonly located: (news: Located) => void;
  readonly streamRule: (of: StreamName) => Promise<StreamPolicy | null>;
  readonly recordingRule: (of: { readonly id: string }) => Promise<RecordingInfo | null>;
  readonly betterRtmp: (of: RtmpVisitor & { readonly at: string }) => Promise<string | null>;
  readonly recorded: (file: RecordedFile) => void;
  /** All that is wrong at the workers at present; at another node; and with the nodes themselves. */
  readonly alarms: (open: readonly OpenAlarm[]) => void;
  readonly alarmsOf: (of: { readonly node: string; readonly open: readonly OpenAlarm[] }) => void;
  readonly recordingSeen: (recording: InspectedRecording) => Promise<void>;
  readonly clip: (of: ClipRequest) => Promise<InspectedRecording | null>;
  readonly removeFiles: (of: { readonly files: readonly string[] }) => Promise<void>;
  /** All nodes, this one first; each second, and when one has changed. */
  readonly members: (members: readonly Member[]) => void;
  /** A worker has died, and may have left files without an end. */
  readonly workerGone: () => void;
  readonly reload: (config: Config) => void;
  readonly drain: () => Promise<void>;
};

export type Drained = { readonly publishers: number; readonly viewers: number };

/** The control process's Unix socket. */
export function controlSocket(directory: string): string {
  return `${directory}/control.sock`;
}

/** The Unix socket at which a worker's streams can be followed. */
export function relaySocket(directory: string, worker: string): string {
  return `${directory}/${worker}.sock`;
}

/** How a media worker is called; they count from 0 here. */
export function workerName(index: number): string {
  return `media-${index + 1}`;
}

/** The number of the worker that is called so; NaN: none is. */
export function workerIndex(name: string): number {
  return Number(/^media-(\d+)$/.exec(name)?.[1]) - 1;
}
