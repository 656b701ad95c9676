/** Defines what the school needs to start, and what the node gets of it. */

import type { Actor } from "../access/actor.ts";
import type { Explain } from "../access/explanation.ts";
import type { PolicyChange, PolicyNotice, PolicyNotices } from "../access/policies/policy-snapshot.ts";
import type { StreamPolicy } from "../access/policies/stream-policy.ts";
import type { ApiRoute } from "../access/route.ts";
import type { AuditVerification } from "../contracts/audit/audit-verification.ts";
import type { CameraAccounts } from "../contracts/cameras/camera-account.ts";
import type { Degradation } from "../contracts/degradation/degradation.ts";
import type { WantedJob } from "../contracts/jobs/wanted-jobs.ts";
import type { ComponentSample, NodeSample } from "../contracts/monitoring/node-sample.ts";
import type { ImportedLesson, ImportedTo } from "../contracts/recordings/imported-lesson.ts";
import type { WriteBoardPdf } from "../contracts/rooms/board-sheet.ts";
import type { RoomAnswer, RoomRequest } from "../contracts/rooms/room-requests.ts";
import type { RequestCredential } from "../platform/api/route.ts";
import type { AuditSettings } from "../platform/config/audit-schema.ts";
import type { LoadTestSettings } from "../platform/config/load-tests-schema.ts";
import type { OperatorSettings } from "../platform/config/operators-schema.ts";
import type { Logger } from "../platform/log.ts";
import type { Store } from "../platform/store/store.ts";
import type { RoomLinks } from "./classroom/rooms.ts";
import type { DemoSchool } from "./demo-school.ts";
import type { ScoringCounts } from "./exams/scoring/scoring-work.ts";
import type { LaunchPage } from "./exchange/lti/platforms.ts";
import type { WantedCapacity } from "./exchange/webhooks/announce-capacity.ts";
import type { OperatorCredentials } from "./first-start.ts";
import type { AuditExport } from "./foundation/audit/export/audit-export.ts";
import type { EncryptionStatus } from "./foundation/encryption/data-encryption.ts";
import type { Database, Tables } from "./foundation/store/tables.ts";
import type { AlarmSource, OpenAlarm } from "./insight/alarms/alarm-service.ts";
import type { ExpectedAudience } from "./lessons/expected-audience.ts";
import type { ExpectedPeople } from "./lessons/expected-people.ts";
import type { LiveStream } from "./lessons/live-lessons.ts";
import type { MaterialStore } from "./lessons/materials/material-store.ts";
import type { RecordAction } from "./lessons/recording-choice.ts";
import type { RecordingLibrary } from "./lessons/recordings/recording-library.ts";
import type { StreamControl } from "./lessons/stream-control.ts";
import type { BreakGlassAccount, BreakGlassRequest } from "./people/accounts/break-glass.ts";
import type { MailOptions } from "./people/accounts/mail.ts";
import type { SessionLimits } from "./people/accounts/sessions.ts";
import type { LimitSettings } from "./people/limits/limit-settings.ts";
import type { JobControl } from "./streams/jobs/job-control.ts";
import type { visibleJobs } from "./streams/jobs/visible-jobs.ts";
import type { ProtectionControl } from "./streams/protection/protection-control.ts";

export type SchoolOptions = {
  /** The school closes it. */
  readonly store: Store<Tables>;
  readonly log: Logger;
  /** Of Lectern. */
  readonly version: string;
  /** Secrets that encrypt those in the database: the first encrypts, all of them decrypt. */
  readonly encryptionSecrets: () => readonly string[];
  /** Whether the data of people in the database is encrypted. */
  readonly encryption: { readonly atRest: boolean };
  /** LECTERN_ADMIN_TOKEN. */
  readonly adminToken: string | null;
  /** LECTERN_ADMIN_PASSWORD, for the first operator; null: one is generated. */
  readonly adminPassword: string | null;
  readonly settings: () => {
    readonly operators: OperatorSettings;
    readonly privateWebhooks: boolean;
    /** So many lessons have captions at the same time; 0: there is no engine. */
    readonly maxCaptions: number;
    /** Directories that files of address lists may be in. */
    readonly listDirectories: readonly string[];
    readonly mail: MailOptions;
    readonly sessions: SessionLimits;
    /** Applications that streams may belong to. */
    readonly apps: readonly string[];
    /** Private networks that schools' sign-on providers may be in. */
    readonly signOnNetworks: readonly string[];
    readonly limits: LimitSettings;
    readonly audit: AuditSettings;
    readonly load: LoadTestSettings;
  };
  readonly streams: Omit<StreamControl, "isLive"> & PolicyNotices;
  /** Secrets of signed links: the first signs, all of them verify. */
  readonly linkSecrets: () => readonly string[];
  readonly jobs: JobControl;
  readonly protection: ProtectionControl;
  /** What this node does without. */
  readonly degradation: Degradation;
  /** The name of this node. */
  readonly node: string;
  /** A group of actions in a room was stored. */
  readonly onCommitted: (milliseconds: number) => void;
  /** What access rules would decide on a request. */
  readonly explain: Explain;
  readonly recordings: RecordingLibrary;
  readonly materials: MaterialStore;
  readonly writeBoardPdf: WriteBoardPdf;
  /** Recordings move to the bin after this many days; 0: never. */
  readonly retainDays: () => number;
  readonly rooms: RoomLinks;
  /** The newest picture of a live stream as a JPEG in base64; null: there is none. */
  readonly stillOf: (app: string, name: string) => Promise<string | null>;
  /** Streams that are live when the school starts. */
  readonly live: readonly LiveStream[];
};

/** What the node calls; what processes ask by name is in `answers.ts`. */
export type SchoolMethods = {
  readonly db: Database;
  /** Whether this process, of all on one database, does what one of them does. */
  readonly isLeader: () => boolean;
  readonly routes: readonly ApiRoute[];
  /** The actor behind a credential. @throws RefusalError */
  readonly actorOf: (credential: RequestCredential | null, ip: string) => Promise<Actor>;
  /** The generated password of the first operator, created by this start; else null. */
  readonly generatedPassword: string | null;
  /** A stream has started, or ended (null). */
  readonly streamChanged: (app: string, name: string, stream: LiveStream | null) => void;
  readonly streamPolicy: (app: string, name: string) => Promise<StreamPolicy | null>;
  /** A person started or stopped the recording of a live stream: its lesson remembers that. */
  readonly recordingChosen: (app: string, name: string, action: RecordAction) => Promise<void>;
  readonly policyChange: (notice: PolicyNotice) => Promise<PolicyChange>;
  /** Replaces the open alarms of a source. */
  readonly reportAlarms: (source: AlarmSource, open: readonly OpenAlarm[]) => void;
  /** Streams that the actor may see and end, as `app/name`; null: all. */
  readonly visibleStreams: (actor: Actor) => Promise<ReadonlySet<string> | null>;
  /** The accounts of cameras and recorders. @param password of those that have none of their own */
  readonly cameras: (password: () => string) => CameraAccounts;
  /** Enabled sources and forwards, with their addresses: those of a lesson only while it may be published. `jobs.wantedChanged` tells of changes. */
  readonly wantedJobs: () => Promise<readonly WantedJob[]>;
  /** Which jobs the actor may see. */
  readonly visibleJobs: (actor: Actor) => ReturnType<typeof visibleJobs>;
  /** The stream of a lesson in which the actor assists. @throws RefusalError */
  readonly lessonStream: (actor: Actor, lessonId: string) => Promise<{ readonly app: string; readonly name: string }>;
  /** Answers what a media worker, or another control process, asks the owner of a lesson's room. */
  readonly roomRequest: (request: RoomRequest) => Promise<RoomAnswer>;
  /** A media worker, `NODE/WORKER`, has died, with everybody who was in rooms there. */
  readonly roomWorkerGone: (worker: string, at: number) => void;
  /** Looks at once for background work that is due. It is looked for anyway; a test does not wait for that. */
  readonly wakeWork: () => void;
  /** Writes at once who has looked at what. It is written anyway; a test does not wait for that. */
  readonly writeReadings: () => Promise<void>;
  /** Looks at once for ways in as an operator that want an alarm. It looks anyway; a test does not wait for that. */
  readonly lookAtOperators: () => Promise<void>;
  /** Looks that are in no entry of the audit log, because the database was unreachable for long. */
  readonly lostReadings: () => number;
  /** How answers ended that were sent to scoring services, since the start. */
  readonly scorings: () => ScoringCounts;
  /** How far the export of the audit log is behind; null: this process exports nothing. */
  readonly auditExport: Pick<AuditExport, "lagSeconds" | "component">;
  /** What a node has measured of itself. */
  readonly takeSample: (sample: NodeSample) => void;
  /** The parts of a node as it told last. */
  readonly components: (node: string) => readonly ComponentSample[];
  /** Whether the database answers, and how fast. */
  readonly databaseSample: (withinMs: number) => Promise<ComponentSample>;
  /** By severity; of the whole platform. */
  readonly openAlarms: () => Promise<Readonly<Record<string, number>>>;
  /** Lessons that are live or start soon, with at least this many people expected; largest first. */
  readonly expectedAudiences: (minPeople: number, limit: number) => Promise<ExpectedAudience[]>;
  /** People of lessons that begin within the time, who are not there yet. */
  readonly expectedPeople: (leadMs: number) => Promise<ExpectedPeople>;
  /** Tells the platform's webhooks how many nodes are wanted. */
  readonly announceCapacity: (groups: readonly WantedCapacity[]) => Promise<void>;
  /** What the page of a learning platform's launch needs; null where no platform has these fields. */
  readonly launchPage: (form: string, schoolId: string | null) => Promise<LaunchPage | null>;
  /** The demonstration school, created where it does not exist. */
  readonly openDemo: () => Promise<DemoSchool>;
  /** Data keys, and how far the data of people is encrypted. @param rotate makes a new data key first */
  readonly encryption: (rotate: boolean) => Promise<EncryptionStatus>;
  /** The schools whose audit log has checkpoints, and null for the platform. */
  readonly auditChains: () => Promise<(string | null)[]>;
  /** @param after the number of a checkpoint: verifies those behind it */
  readonly verifyAudit: (schoolId: string | null, after: number) => Promise<AuditVerification>;
  /** Sets a new password for the first operator. */
  readonly recoverOperator: () => Promise<OperatorCredentials>;
  /** Makes an operator for an emergency. @throws Error with words */
  readonly breakGlass: (request: BreakGlassRequest) => Promise<BreakGlassAccount>;
  /** The lesson that one of another system became; null: none. @throws Error with words */
  readonly findImportedLesson: (of: Pick<ImportedLesson, "school" | "externalId">) => Promise<ImportedTo | null>;
  /** Adds a lesson that another system has recorded. @throws Error with words */
  readonly addImportedLesson: (lesson: ImportedLesson) => Promise<ImportedTo>;
  readonly close: () => Promise<void>;
};
