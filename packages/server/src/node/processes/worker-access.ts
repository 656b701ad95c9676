/** Access control of a media worker: cached policies, callbacks to the back end, and limits. */
import { hostname } from "node:os";
import { AccessControl } from "../../access/access.ts";
import { Callbacks } from "../../access/callbacks/callbacks.ts";
import { ViewerSessions } from "../../access/credentials/viewer-sessions.ts";
import { type RecordingInfo, RecordingInfoCache } from "../../access/policies/recording-info.ts";
import { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import { RecordingAccess } from "../../access/recording-access.ts";
import { ViewerFiles } from "../../access/viewer-files.ts";
import { nodeOfFile, pathOf } from "../cluster/node-file-names.ts";
import type { WorkerContext } from "./worker-context.ts";

export type WorkerAccess = {
  readonly control: AccessControl;
  readonly replay: RecordingAccess;
  readonly sessions: ViewerSessions;
  readonly files: ViewerFiles;
  readonly policies: StreamPolicyCache;
  readonly recordings: RecordingInfoCache;
  readonly callbacks: Callbacks;
  readonly limits: AddressLimits;
};

export function openWorkerAccess({ config, log, supervisor, start }: WorkerContext): WorkerAccess {
  const policies = new StreamPolicyCache((app, name) => supervisor.call("streamRule", { app, name }), log);
  const recordings = new RecordingInfoCache(async (id) => localInfo(await supervisor.call("recordingRule", { id })));
  const callbacks = new Callbacks(() => config().callbacks, hostname(), log, {
    opened: (event) => supervisor.tell("entered", event),
    closed: (event) => supervisor.tell("left", event),
  });
  for (const event of start.orphans) callbacks.closed(event);
  const settings = () => ({ publish: config().publish, play: config().play, linkSecrets: config().secrets.links });
  const control = new AccessControl({ settings, policies, callbacks });
  const replay = new RecordingAccess({ settings, recordings });
  const sessions = new ViewerSessions(start.secret);
  const files = new ViewerFiles({ sessions, recheck: control.recheck, recordings: replay, strict: () => config().hls.strict });
  return {
    control,
    replay,
    sessions,
    files,
    policies,
    recordings,
    callbacks,
    limits: new AddressLimits(() => config().limits.perAddress),
  };
}

/** A recording with its files as this node's disk and the object storage name them. */
export function localInfo(info: RecordingInfo | null): RecordingInfo | null {
  return info && { ...info, node: nodeOfFile(info.files[0] ?? ""), files: info.files.map(pathOf) };
}
