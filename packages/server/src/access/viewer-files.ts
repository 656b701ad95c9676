/**
 * Decides about the files below a playlist: segments, time-shift playlists, preview images. The files of lessons and of their recordings, and
 * those under a policy, need the viewer's session in their address. Other files are open below their epoch, which nobody can guess, unless `hls.strict` is set.
 */
import { Refusal } from "../platform/refusal.ts";
import type { Recheck } from "./access.ts";
import type { ClientFacts } from "./credentials/client-facts.ts";
import { sessionCredentials } from "./credentials/credentials.ts";
import { sessionNumber, sessionViewerTag, type ViewerSessions } from "./credentials/viewer-sessions.ts";
import type { ContentKeys } from "./encryption/content-keys.ts";
import { type Encryption, encryptionOf, isMarkedBy } from "./policies/content-protection.ts";
import type { Belonging, PolicyStore } from "./policies/policy-store.ts";
import type { RecordingInfo } from "./policies/recording-info.ts";
import { isSchoolStream, plainName } from "./policies/stream-policy.ts";
import type { StreamPolicyCache } from "./policies/stream-policy-cache.ts";
import { belongingOf, type RecordingAccess } from "./recording-access.ts";
import { refuseOtherDevice } from "./seats/seat-refusals.ts";
import type { ViewerSeat } from "./seats/viewer-seats.ts";

export type StreamFile = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Null: the address has none. */
  readonly session: string | null;
};

export type ViewerFilesOptions = {
  readonly streamPolicies: Pick<StreamPolicyCache, "peek" | "find">;
  readonly keys: ContentKeys;
  readonly sessions: ViewerSessions;
  readonly recheck: Recheck;
  readonly recordings: RecordingAccess;
  readonly policies: PolicyStore;
  /** `hls.strict`. */
  readonly strict: () => boolean;
};

export class ViewerFiles {
  private readonly options: ViewerFilesOptions;
  private readonly seenSessions = new Set<number>();

  constructor(options: ViewerFilesOptions) {
    this.options = options;
  }

  /** Whether the files of a stream need a session. */
  readonly isStrict = (app: string, name: string): boolean =>
    this.options.strict() || isSchoolStream(name) || this.hasRules({ stream: `${app}/${plainName(name)}` });

  /** Whether the files of a recording need a session. */
  readonly isStrictRecording = (info: RecordingInfo): boolean =>
    this.options.strict() || info.signed || this.hasRules(belongingOf(info));

  /** How the files of a stream are encrypted; null: not at all; undefined: that is not known here yet. */
  readonly encryptionOf = (app: string, name: string): Encryption | null | undefined => {
    const { policies, streamPolicies } = this.options;
    if (!isSchoolStream(name)) return encryptionOf(policies.rulesOf("play", { stream: `${app}/${plainName(name)}` }));
    const lesson = streamPolicies.peek(app, name);
    return lesson ? encryptionOf(policies.rulesOf("play", lesson)) : undefined;
  };

  /** As `encryptionOf`, also for a stream of which nobody has asked here. Refuses with `control-away` while nobody can tell. */
  readonly findEncryption = async (app: string, name: string): Promise<Encryption | null | Refusal> => {
    const rules = await this.findRules(app, name);
    return encryptionOf(rules) ?? (rules instanceof Refusal ? rules : null);
  };

  /** Whether players show a watermark over a stream. Refuses with `control-away` while nobody can tell. */
  readonly isMarked = async (app: string, name: string): Promise<boolean | Refusal> => {
    const rules = await this.findRules(app, name);
    return isMarkedBy(rules) ?? (rules instanceof Refusal ? rules : false);
  };

  private readonly findRules = async (app: string, name: string) => {
    const { policies, streamPolicies } = this.options;
    const lesson = isSchoolStream(name) ? await streamPolicies.find(app, name) : null;
    if (lesson instanceof Refusal) return lesson;
    return policies.rulesOf("play", lesson ?? { stream: `${app}/${plainName(name)}` });
  };

  /** How the files of a recording are encrypted; null: not at all. */
  readonly recordingEncryption = (info: RecordingInfo): Encryption | null | undefined =>
    encryptionOf(this.options.policies.rulesOf("play", belongingOf(info)));

  get keys(): ContentKeys {
    return this.options.keys;
  }

  /** The numbers of the sessions that have asked since the last call, where policies limit viewers. */
  takeSeen(): number[] {
    const seen = [...this.seenSessions];
    this.seenSessions.clear();
    return seen;
  }

  /** Notes a verified session; refuses one that has lost its seat. */
  private seen(session: string): Refusal | null {
    if (this.options.policies.limitsViewers) this.seenSessions.add(sessionNumber(session));
    return this.options.sessions.hasEnded(session) ? refuseOtherDevice() : null;
  }

  private hasRules(of: Belonging): boolean {
    const rules = this.options.policies.rulesOf("play", of);
    return rules instanceof Refusal || rules.length > 0;
  }

  /** The folder of a stream's epoch as a viewer's playlist names it, from the folder of the app. @param viewer the admitted viewer */
  readonly folderOf = (app: string, name: string, epoch: string, viewer: string | null, seat: ViewerSeat | null = null): string => {
    if (!this.isStrict(app, name)) return `${name}/${epoch}`;
    const session = this.options.sessions.issue({ app, name, epoch }, viewer);
    seat?.name(sessionNumber(session), false);
    return `${name}/s/${session}/${epoch}`;
  };

  /** The folder of a recording's epoch as a viewer's playlist names it, from `/vod`. @param viewer the admitted viewer */
  readonly recordingFolderOf = (info: RecordingInfo, viewer: string | null, seat: ViewerSeat | null = null): string => {
    const { id, epoch } = info;
    if (!this.isStrictRecording(info)) return `${id}/${epoch}`;
    const session = this.options.sessions.issue({ recording: id }, viewer);
    seat?.name(sessionNumber(session), false);
    return `${id}/s/${session}/${epoch}`;
  };

  /**
   * Null when the request may have the file. A cached policy answers at once, without a promise.
   * @param isFromNode another node asks, which has asked here for its own viewer
   */
  readonly permit = (file: StreamFile, isFromNode: boolean, client: ClientFacts): Refusal | null | Promise<Refusal | null> => {
    const { app, name, session } = file;
    if (isFromNode) return null;
    if (session === null) return this.isStrict(app, name) ? new Refusal("not-signed-in") : null;
    if (!this.options.sessions.verify(session, file)) return new Refusal("bad-signature");
    const ended = this.seen(session);
    if (ended) return ended;
    return this.options.recheck(app, name, sessionCredentials(sessionViewerTag(session), sessionNumber(session)), client);
  };

  /** Null when the request may have a file of the recording. Nearly always known at once, without a promise. */
  readonly permitRecording = (
    info: RecordingInfo,
    session: string | null,
    isFromNode: boolean,
    client: ClientFacts,
  ): Refusal | null | Promise<Refusal | null> => {
    if (isFromNode) return null;
    if (session === null) return this.isStrictRecording(info) ? new Refusal("not-signed-in") : null;
    if (!this.options.sessions.verify(session, { recording: info.id })) return new Refusal("bad-signature");
    const ended = this.seen(session);
    if (ended) return ended;
    return this.options.recordings.recheck(info, session, client);
  };
}
