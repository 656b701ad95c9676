/** Decides who may watch a recording, and ends the downloads of those whose permission ends. */

import { Refusal } from "../platform/refusal.ts";
import { type Admission, OpenAdmission } from "./admission.ts";
import { admittedCredentials, type Credentials, sessionCredentials } from "./credentials/credentials.ts";
import { sessionViewerTag } from "./credentials/viewer-sessions.ts";
import { decide } from "./pipeline.ts";
import type { RecordingInfo, RecordingInfoCache } from "./policies/recording-info.ts";
import type { AccessSettings, AccessSubject, Purpose } from "./rules/rule.ts";

/** The app in the addresses of recordings: `/vod/ID`. */
export const RECORDINGS = "vod";

export type RecordingAccessOptions = {
  /** Read for every request, since a reload may change them. */
  readonly settings: () => AccessSettings;
  readonly recordings: RecordingInfoCache;
  readonly now?: () => number;
};

export class RecordingAccess {
  private readonly options: RecordingAccessOptions;
  /** Open downloads, by recording. */
  private readonly open = new Map<string, Set<OpenAdmission>>();

  constructor(options: RecordingAccessOptions) {
    this.options = options;
    options.recordings.onChanged((id, info) => this.review(id, info));
  }

  /** Whether a client may start to watch a recording. */
  readonly check = (info: RecordingInfo, credentials: Credentials, ip: string): Refusal | null =>
    decide(this.subject("replay", info, credentials, ip));

  /** Whether the viewer of a verified session may go on watching. */
  readonly recheck = (info: RecordingInfo, session: string): Refusal | null =>
    decide(this.subject("stay", info, sessionCredentials(sessionViewerTag(session)), ""));

  /** Asks for permission to download a recording, which is withdrawn when the permission ends. */
  readonly ask = (info: RecordingInfo, credentials: Credentials, ip: string): Admission | Refusal => {
    const refused = this.check(info, credentials, ip);
    if (refused) return refused;
    const { id } = info;
    const admission: OpenAdmission = new OpenAdmission(id, credentials.viewer, null, () => {
      const others = this.open.get(id);
      others?.delete(admission);
      if (others?.size === 0) this.open.delete(id);
    });
    this.open.set(id, (this.open.get(id) ?? new Set()).add(admission));
    return admission;
  };

  /** @param info the recording's new state; null: it was deleted; undefined: unknown, because changes may have been missed */
  private review(id: string, info: RecordingInfo | null | undefined): void {
    const open = this.open.get(id);
    if (!open) return;
    if (info === undefined) {
      // While the control process is unreachable, open downloads go on.
      void this.options.recordings.find(id);
      return;
    }
    for (const admission of [...open]) {
      const refusal = info?.open
        ? decide(this.subject("stay", info, admittedCredentials(admission.viewer, null), ""))
        : new Refusal("no-such-recording");
      if (refusal) admission.withdraw(refusal);
    }
  }

  private subject(purpose: Purpose, info: RecordingInfo, credentials: Credentials, ip: string): AccessSubject {
    const { settings, now = Date.now } = this.options;
    const of = { app: RECORDINGS, name: info.id, ip, credentials };
    return { purpose, ...of, lesson: null, recording: info, settings: settings(), now: now() };
  }
}
