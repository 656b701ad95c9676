/** Defines what lessons need from live streams. The node supplies it; school/ never imports live/. */
import type { PolicyNotices } from "../../access/policies/policy-snapshot.ts";

export type StreamControl = PolicyNotices & {
  /** Ends a stream; false when it is not live. */
  readonly end: (app: string, name: string) => Promise<boolean>;
  readonly isLive: (app: string, name: string) => boolean;
  /** A lesson's publish key, state or removed participants have changed: media workers fetch its rule again. */
  readonly ruleChanged: (app: string, name: string) => void;
  /**
   * Calls what tells of changes, and resolves when the rules and policies that it has told of are out of this process, or after a second: what a person was
   * told is changed stays changed, whatever happens to this process then.
   */
  readonly told: (tell: () => void) => Promise<void>;
  /** The secret that signs links. */
  readonly linkSecret: () => string;
  /** `rtmp://host:1935` for clients that reach this server as `https://host:8443`. */
  readonly rtmpOf: (origin: string) => string;
  /** `srt://host:10080`; null: SRT is off. */
  readonly srtOf: (origin: string) => string | null;
};
