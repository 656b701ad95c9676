/** Access control of a media worker: cached policies, callbacks to the back end, and limits. */
import { hostname } from "node:os";
import { join } from "node:path";
import { AccessControl } from "../../access/access.ts";
import { type CallbackSessions, Callbacks } from "../../access/callbacks/callbacks.ts";
import { adoptJournals, ReportJournal } from "../../access/callbacks/report-journal.ts";
import { ViewerSessions } from "../../access/credentials/viewer-sessions.ts";
import { contentKeysOf } from "../../access/encryption/content-keys.ts";
import { ExamAccess } from "../../access/exam-access.ts";
import type { KnownPolicies } from "../../access/policies/policy-snapshot.ts";
import { PolicyStore } from "../../access/policies/policy-store.ts";
import { type RecordingInfo, RecordingInfoCache } from "../../access/policies/recording-info.ts";
import { plainName } from "../../access/policies/stream-policy.ts";
import { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import { RECORDINGS, RecordingAccess } from "../../access/recording-access.ts";
import { RefusalTally } from "../../access/refusal-tally.ts";
import type { AccessSettings } from "../../access/rules/rule.ts";
import { ViewerSeats, type ViewerSeatsOptions } from "../../access/seats/viewer-seats.ts";
import { ViewerFiles } from "../../access/viewer-files.ts";
import type { OnRefused } from "../../operations/door-events.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { nodeOfFiles, pathsAt } from "../cluster/node-file-names.ts";
import { workerIndex } from "../process-names.ts";
import { workerCount } from "../worker-count.ts";
import { AddressLookups } from "./address-lookups.ts";
import { policiesAfterLists } from "./first-policies.ts";
import { openBackEnds } from "./worker-back-ends.ts";
import type { WorkerContext } from "./worker-context.ts";
import { openWorkerProtection, type WorkerProtection } from "./worker-protection.ts";

/** Times that a policy names, and answers of back ends that are too old, end what is open within this. */
const TIME_REVIEW_MS = 2000;
/** Refusals are reported together. */
const REPORT_MS = 1000;
/** A viewer does not wait longer for a busy supervisor, and is let in. */
const SEAT_WITHIN_MS = 1000;

export type WorkerAccess = {
  readonly control: AccessControl;
  readonly replay: RecordingAccess;
  readonly exams: ExamAccess;
  readonly seats: ViewerSeats;
  readonly sessions: ViewerSessions;
  readonly files: ViewerFiles;
  readonly streamPolicies: StreamPolicyCache;
  readonly recordings: RecordingInfoCache;
  /** Takes what the supervisor knows of policies. */
  readonly takePolicies: (known: KnownPolicies) => void;
  /** A door has refused a request. */
  readonly refused: OnRefused;
  readonly reload: (config: Config) => void;
  readonly close: () => void;
  readonly callbacks: Callbacks;
  readonly protection: WorkerProtection;
};

/** Long because it is a list: what each part of the access gets of the others. */
export function openWorkerAccess(context: WorkerContext): WorkerAccess {
  const { config, log, ask, start } = context;
  const streamPolicies = new StreamPolicyCache((app, name) => ask("streamRule", { app, name }), log);
  const recordings = new RecordingInfoCache(async (id) => localInfo(await ask("recordingRule", { id })));
  const callbacks = openCallbacks(context);
  const settings = () => accessSettings(config());
  const policies = new PolicyStore();
  const review = (): void => {
    control.review();
    replay.review();
  };
  const lookups = new AddressLookups({ config, log, onChanged: review });
  const protection = openWorkerProtection(context, lookups);
  const tally = new RefusalTally((target) => schoolOf(streamPolicies, recordings, target), systemClock.utc);
  const { backEnds, sessions: sessionFacts } = openBackEnds(context, review);
  const seats = openSeats(context, (session, told) => policies.asksBackEnds && sessionFacts.note(session, told));
  const control: AccessControl = new AccessControl({
    settings,
    streamPolicies,
    policies,
    addresses: protection.addresses,
    callbacks,
    seats,
    backEnds,
    onDecided: protection.asked,
    onDryRun: ({ action, protocol, app, name, client }, _rule, refusal) =>
      tally.note(action, protocol, `${app}/${name}`, client.ip, refusal, true),
  });
  const replay: RecordingAccess = new RecordingAccess({
    settings,
    recordings,
    policies,
    addresses: protection.addresses,
    seats,
    backEnds,
    onAdmitted: protection.admitted,
    onDryRun: (id, { ip }, _rule, refusal) => tally.note("play", RECORDINGS, `${RECORDINGS}/${id}`, ip, refusal, true),
  });
  const exams = new ExamAccess({
    settings,
    policies,
    addresses: protection.addresses,
    now: systemClock.utc,
    onDryRun: (exam, { ip }, _rule, refusal) => tally.note("exam", "exam", `exams/${exam}`, ip, refusal, true),
  });
  const sessions = new ViewerSessions(start.secret);
  const strict = () => config().hls.strict;
  const keys = contentKeysOf(start.config);
  const files = new ViewerFiles({
    sessions,
    recheck: control.recheck,
    recordings: replay,
    policies,
    streamPolicies,
    keys,
    strict,
  });
  const takePolicies = policiesAfterLists(
    (lists) => lookups.take(lists),
    (known: KnownPolicies): void => {
      policies.replace(known.snapshot);
      protection.takePolicies(known);
      if (policies.needsPlaces) void lookups.ready();
      void lookups.take(known.files);
      review();
    },
  );
  if (start.policies) takePolicies(start.policies);
  const reviewing = setInterval(() => policies.endsByTime && review(), TIME_REVIEW_MS).unref();
  const stopReporting = reportRefusals(tally, context);
  return {
    seats,
    takePolicies,
    refused: (what, protocol, name, ip, refusal, agent) => {
      const target = protocol === RECORDINGS ? `${RECORDINGS}/${name}` : name;
      tally.note(what, protocol, target, ip, refusal, false, agent);
      protection.refused(target, ip, refusal);
    },
    reload: (next) => {
      lookups.reload(next);
      protection.reload(next);
    },
    close: () => {
      clearInterval(reviewing);
      stopReporting();
      lookups.close();
      protection.close();
    },
    control,
    exams,
    replay,
    sessions,
    files,
    streamPolicies,
    recordings,
    callbacks,
    protection,
  };
}

function openCallbacks({ config, log, supervisor, start }: WorkerContext): Callbacks {
  const sessions: CallbackSessions = {
    opened: (event) => supervisor.tell("entered", event),
    closed: (event) => supervisor.tell("left", event),
  };
  const folder = join(config().dataDir, "callbacks");
  const own = `${start.name}.jsonl`;
  // There may have been more workers before.
  if (workerIndex(start.name) === 0)
    adoptJournals(folder, own, (name) => workerIndex(name.replace(/\.jsonl$/, "")) >= workerCount(config()));
  const journal = new ReportJournal(join(folder, own), log);
  const callbacks = new Callbacks(() => config().callbacks, hostname(), log, sessions, journal);
  for (const event of start.orphans) callbacks.closed(event);
  return callbacks;
}

/** Reports refusals to the control process each second. Returns the function that ends it. */
function reportRefusals(tally: RefusalTally, { ask }: WorkerContext): () => void {
  const reporting = setInterval(() => {
    const report = tally.take();
    // While the control process is down, refusals are in the log and the metrics.
    if (report) ask("refusalsSeen", report).catch(() => {});
  }, REPORT_MS).unref();
  return () => clearInterval(reporting);
}

function openSeats({ supervisor, metrics }: WorkerContext, onSession: ViewerSeatsOptions["onSession"]): ViewerSeats {
  return new ViewerSeats({
    ...(onSession ? { onSession } : {}),
    takeSeat: (request) => supervisor.call("takeSeat", request, SEAT_WITHIN_MS),
    leaveSeat: (of) => supervisor.tell("leaveSeat", of),
    nameSeat: (of) => supervisor.tell("nameSeat", of),
    restSeat: (of) => supervisor.tell("restSeat", of),
    onUnanswered: () => metrics.viewerLimitUnanswered(),
  });
}

export function accessSettings({ publish, play, secrets }: Config): AccessSettings {
  return { publish, play, linkSecrets: secrets.links };
}

/** Of a stream or recording that this worker knows: `live/NAME`, `vod/ID`; null for any other. */
function schoolOf(policies: StreamPolicyCache, recordings: RecordingInfoCache, target: string): string | null {
  const [app = "", name = ""] = target.split("/");
  const known = app === RECORDINGS ? recordings.peek(name) : policies.peek(app, plainName(name));
  return known?.schoolId ?? null;
}

/** A recording with its files as this node's disk and the object storage name them. */
export function localInfo(info: RecordingInfo | null): RecordingInfo | null {
  const node = info && nodeOfFiles(info.files);
  return info && { ...info, node, files: pathsAt(node, info.files) };
}
