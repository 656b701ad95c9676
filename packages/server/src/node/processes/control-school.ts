/** Starts the school of a control process, with the calls by which it reaches streams and recordings. */
import { explainer } from "../../access/explanation.ts";
import type { RecordingInfoUpdate, StreamPolicyUpdate } from "../../access/policies/policy-messages.ts";
import type { PolicyChange, PolicyNotice } from "../../access/policies/policy-snapshot.ts";
import { PolicyUpdateQueue, sentWith } from "../../access/policies/policy-updates.ts";
import { boardPdf } from "../../library/boards/board-pdf.ts";
import type { Located } from "../../live/relay/registry/writer-messages.ts";
import { RefusalError } from "../../platform/api/server.ts";
import {
  type LiveStream,
  openSchoolStore,
  type RecordingLibrary,
  type SchoolOptions,
  type SchoolService,
  startSchool,
} from "../../school/school.ts";
import { nodeId } from "../cluster/node-identity.ts";
import { addressListFiles } from "../ipc/node-policies.ts";
import { nodeAskerOf } from "../ipc/node-questions.ts";
import { controlSocket } from "../process-names.ts";
import { VERSION } from "../version.ts";
import { AddressLookups } from "./address-lookups.ts";
import { rtmpAddress } from "./control-api.ts";
import { whenDatabaseAnswers } from "./database-wait.ts";
import { openMaterialStore } from "./materials.ts";
import type { ControlProcessOptions } from "./node-services.ts";
import { FILES_WITHIN_MS, recordedFiles } from "./recorded-files.ts";
import { accessSettings } from "./worker-access.ts";
import { explainedBackEnds } from "./worker-back-ends.ts";

const END_ATTEMPTS = 4;

export async function openSchool(
  options: ControlProcessOptions,
  config: () => ControlProcessOptions["config"],
  own: Pick<SchoolOptions, "jobs" | "rooms" | "degradation" | "onCommitted">,
  school: () => SchoolService,
): Promise<SchoolService> {
  const { log, supervisor } = options;
  const policyUpdates = new PolicyUpdateQueue<Pick<StreamPolicyUpdate, "app" | "name">, StreamPolicyUpdate>(
    ({ app, name }) => `${app}/${name}`,
    async ({ app, name }) => ({ app, name, rule: await school().streamPolicy(app, name) }),
    (update) => supervisor.tell("rule", update),
  );
  const recordingUpdates = new PolicyUpdateQueue<string, RecordingInfoUpdate>(
    (id) => id,
    async (id) => ({ id, rule: await school().answers.recordingRule({ id }) }),
    (update) => supervisor.tell("recording", update),
  );
  const policyChanges = new PolicyUpdateQueue<PolicyNotice, PolicyChange>(
    (notice) => JSON.stringify(notice),
    (notice) => school().policyChange(notice),
    (change) => supervisor.tell("policyChange", change),
  );
  const lookups = new AddressLookups({ config, log, onChanged: () => {} });
  const explain = explainer({
    settings: () => accessSettings(config()),
    addresses: lookups,
    backEnds: explainedBackEnds(config, log),
    snapshot: async () => {
      const snapshot = await school().answers.policySnapshot(null);
      await lookups.take(await addressListFiles(options.config.dataDir, snapshot.addressLists));
      return snapshot;
    },
    streamPolicy: (app, name) => school().streamPolicy(app, name),
    recordingInfo: (id) => school().answers.recordingRule({ id }),
  });
  return await startSchool({
    explain,
    store: await openStore(options),
    log,
    version: VERSION,
    encryptionSecrets: () => config().secrets.encryption,
    encryption: options.config.encryption,
    linkSecrets: () => config().secrets.links,
    writeBoardPdf: boardPdf,
    adminToken: options.adminToken,
    adminPassword: options.adminPassword,
    settings: () => schoolSettings(config()),
    streams: {
      end: (app, name) => endStream(options, { app, name }),
      ruleChanged: (app, name) => policyUpdates.add({ app, name }),
      policyChanged: (notice) => policyChanges.add(notice),
      told: (tell) => sentWith([policyUpdates, recordingUpdates, policyChanges], tell),
      linkSecret: () => config().secrets.links[0] ?? "",
      rtmpOf: (origin) => rtmpAddress(origin, options.rtmpPort),
      srtOf: (origin) => (options.config.srt.port === 0 ? null : `srt://${new URL(origin).hostname}:${options.config.srt.port}`),
    },
    stillOf: (app, name) => supervisor.call("still", { app, name }),
    live: options.located.map(liveOf),
    ...own,
    node: nodeId(options.config),
    protection: {
      mode: () => config().protection.mode,
      state: () => supervisor.call("protectionState", undefined),
      release: (release) => supervisor.tell("releaseAddress", release),
    },
    materials: await openMaterialStore(options, config, own.rooms.isNodeUp),
    recordings: recordingLibrary(options, school, (id) => recordingUpdates.add(id)),
    retainDays: () => config().recording.retainDays,
  });
}

/** What of the configuration the school asks for. */
function schoolSettings(config: ControlProcessOptions["config"]): ReturnType<SchoolOptions["settings"]> {
  return {
    operators: config.operators,
    privateWebhooks: config.webhooks.allowPrivateNetworks,
    maxCaptions: config.captions.engine === "none" ? 0 : config.captions.atOnce,
    listDirectories: config.addressLists.files,
    mail: { ...config.mail, publicUrl: config.http.publicUrl },
    sessions: config.sessions,
    apps: config.apps,
    signOnNetworks: config.signOn.networks,
    limits: config.limits,
    audit: config.audit,
    load: config.load,
  };
}

/** Ends a stream, also where a machine without time to spare has no answer at first: nobody who ends a lesson comes back to see. */
async function endStream(
  { supervisor, log }: Pick<ControlProcessOptions, "supervisor" | "log">,
  of: { readonly app: string; readonly name: string },
): Promise<boolean> {
  for (let left = END_ATTEMPTS - 1; ; left--) {
    try {
      return await supervisor.call("endStream", of);
    } catch (error) {
      if (left > 0) continue;
      log.error({ err: error, ...of }, "stream not ended");
      return false;
    }
  }
}

/** What the school asks of recorded files, on whichever node they are. */
function recordingLibrary(
  options: ControlProcessOptions,
  school: () => SchoolService,
  ruleChanged: (id: string) => void,
): RecordingLibrary {
  const { supervisor } = options;
  return {
    record: recordStream(options, school),
    prefetch: (id, nodes) => supervisor.call("prefetch", { id, nodes }, FILES_WITHIN_MS),
    ruleChanged,
    ...recordedFiles(nodeId(options.config), nodeAskerOf(supervisor)),
  };
}

/** Starts or stops a recording manually. @throws RefusalError quota-reached */
export function recordStream({ supervisor }: ControlProcessOptions, school: () => SchoolService) {
  return async (app: string, name: string, action: "start" | "stop"): Promise<boolean> => {
    const policy = await school().streamPolicy(app, name);
    if (action === "start" && policy?.mayRecord === false) throw new RefusalError("quota-reached");
    // The recorders of a small lesson's members go by its policy.
    const isRecorded = await supervisor.call("record", { app, name, action });
    if (!isRecorded && policy?.members !== "all") return false;
    await school().recordingChosen(app, name, action);
    return true;
  };
}

/** The database of the school, once it can be reached. */
function openStore({ config, directory, log, supervisor }: ControlProcessOptions) {
  const { database, dataDir } = config;
  return whenDatabaseAnswers(() => openSchoolStore({ url: database.url, dataDir, log }), {
    socket: controlSocket(directory),
    log,
    onWaiting: () => supervisor.tell("databaseAwaited", undefined),
  });
}

export function liveOf({ app, name, location }: Located): LiveStream {
  return { app, name, epoch: location?.epoch ?? "", startedAt: location?.startedAt ?? 0 };
}
