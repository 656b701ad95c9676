/**
 * Decides about the files below a playlist: segments, time-shift playlists, preview images. A lesson's files, and its recordings', need the
 * viewer's session in their address. Other files are open below their epoch, which nobody can guess, unless `hls.strict` is set.
 */
import { Refusal } from "../platform/refusal.ts";
import type { Recheck } from "./access.ts";
import { sessionCredentials } from "./credentials/credentials.ts";
import { sessionViewerTag, type ViewerSessions } from "./credentials/viewer-sessions.ts";
import type { RecordingInfo } from "./policies/recording-info.ts";
import { isLessonStream } from "./policies/stream-policy.ts";
import type { RecordingAccess } from "./recording-access.ts";

export type StreamFile = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Null: the address has none. */
  readonly session: string | null;
};

export type ViewerFilesOptions = {
  readonly sessions: ViewerSessions;
  readonly recheck: Recheck;
  readonly recordings: RecordingAccess;
  /** `hls.strict`. */
  readonly strict: () => boolean;
};

export class ViewerFiles {
  private readonly options: ViewerFilesOptions;

  constructor(options: ViewerFilesOptions) {
    this.options = options;
  }

  /** Whether the files of a stream need a session. */
  readonly isStrict = (name: string): boolean => this.options.strict() || isLessonStream(name);

  /** Whether the files of a recording need a session. */
  readonly isStrictRecording = ({ signed }: RecordingInfo): boolean => this.options.strict() || signed;

  /** The folder of a stream's epoch as a viewer's playlist names it, from the folder of the app. @param viewer the admitted viewer */
  readonly folderOf = (app: string, name: string, epoch: string, viewer: string | null): string => {
    if (!this.isStrict(name)) return `${name}/${epoch}`;
    return `${name}/s/${this.options.sessions.issue({ app, name, epoch }, viewer)}/${epoch}`;
  };

  /** The folder of a recording's epoch as a viewer's playlist names it, from `/vod`. @param viewer the admitted viewer */
  readonly recordingFolderOf = (info: RecordingInfo, viewer: string | null): string => {
    const { id, epoch } = info;
    return this.isStrictRecording(info)
      ? `${id}/s/${this.options.sessions.issue({ recording: id }, viewer)}/${epoch}`
      : `${id}/${epoch}`;
  };

  /**
   * Null when the request may have the file. A cached policy answers at once, without a promise.
   * @param isFromNode another node asks, which has asked here for its own viewer
   */
  readonly permit = (file: StreamFile, isFromNode: boolean): Refusal | null | Promise<Refusal | null> => {
    const { app, name, session } = file;
    if (isFromNode) return null;
    if (session === null) return this.isStrict(name) ? new Refusal("not-signed-in") : null;
    if (!this.options.sessions.verify(session, file)) return new Refusal("bad-signature");
    return this.options.recheck(app, name, sessionCredentials(sessionViewerTag(session)));
  };

  /** Null when the request may have a file of the recording. */
  readonly permitRecording = (info: RecordingInfo, session: string | null, isFromNode: boolean): Refusal | null => {
    if (isFromNode) return null;
    if (session === null) return this.isStrictRecording(info) ? new Refusal("not-signed-in") : null;
    if (!this.options.sessions.verify(session, { recording: info.id })) return new Refusal("bad-signature");
    return this.options.recordings.recheck(info, session);
  };
}
