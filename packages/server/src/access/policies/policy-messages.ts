/** Lists the messages of access policies: workers query the control process once per stream or recording, and receive every change. */

import type { AddressListPart, AddressListVersion, KnownPolicies, PolicyChange, PolicySnapshot } from "./policy-snapshot.ts";
import type { RecordingInfo, RecordingInfoCache } from "./recording-info.ts";
import type { RefusalReport } from "./refusal-report.ts";
import type { StreamPolicy } from "./stream-policy.ts";
import type { StreamPolicyCache } from "./stream-policy-cache.ts";

type StreamName = { readonly app: string; readonly name: string };
/** The policy of a lesson's stream; null: no lesson has the stream. */
export type StreamPolicyUpdate = StreamName & { readonly rule: StreamPolicy | null };
/** What workers know of a recording; null: it was deleted. */
export type RecordingInfoUpdate = { readonly id: string; readonly rule: RecordingInfo | null };

/** Answered by the control process, also of another node: names and fields are on the wire. */
export type PolicyQueries = {
  readonly streamRule: (of: StreamName) => Promise<StreamPolicy | null>;
  readonly recordingRule: (of: { readonly id: string }) => Promise<RecordingInfo | null>;
};

/** Answered by the control process, also of another node. */
export type PolicySources = {
  readonly policySnapshot: (of: null) => Promise<PolicySnapshot>;
  /** @param of which piece, from 0. Null: this version is not there any more */
  readonly addressListPart: (of: AddressListVersion & { readonly n: number }) => Promise<AddressListPart | null>;
};

/** Sent by media workers to the control process, also of another node. */
export type RefusalMessages = { readonly refusalsSeen: (report: RefusalReport) => Promise<void> };

/** Sent by the control process to all nodes. */
export type PolicyChanges = { readonly policyChange: (change: PolicyChange) => void };

/** Answered by the supervisor: what its node knows, also while the database cannot be reached; null: nothing yet. */
export type KnownPolicyCalls = { readonly knownPolicies: () => Promise<KnownPolicies | null> };

/** Sent by the supervisor to its workers. */
export type KnownPolicyMessages = { readonly policies: (known: KnownPolicies) => void };

/** Sent by the control process to all workers of all nodes: names and fields are on the wire. */
export type PolicyUpdates = {
  readonly rule: (update: StreamPolicyUpdate) => void;
  readonly recording: (update: RecordingInfoUpdate) => void;
};

/** Has workers query again: a control process that was restarted may have missed sending changes. */
export type PolicyRefresh<Parameter> = { readonly refreshRules: (of: Parameter) => void };

/** @param localInfo the recording's files as this node names them */
export function policyHandlers(
  policies: StreamPolicyCache,
  recordings: RecordingInfoCache,
  localInfo: (info: RecordingInfo | null) => RecordingInfo | null,
): PolicyUpdates & PolicyRefresh<undefined> {
  return {
    rule: ({ app, name, rule }) => policies.take(app, name, rule),
    recording: ({ id, rule }) => recordings.take(id, localInfo(rule)),
    refreshRules: () => {
      policies.refresh();
      recordings.refresh();
    },
  };
}
