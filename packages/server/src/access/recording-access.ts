/** Decides who may watch a recording, and ends the downloads of those whose permission ends. */

import { Refusal } from "../platform/refusal.ts";
import type { Admission, OpenAdmission } from "./admission.ts";
import type { BackEnds } from "./back-ends.ts";
import type { AddressKnowledge, ClientFacts } from "./credentials/client-facts.ts";
import { admittedCredentials, type Credentials, sessionCredentials } from "./credentials/credentials.ts";
import { sessionNumber, sessionViewerTag } from "./credentials/viewer-sessions.ts";
import { OpenAdmissions } from "./open-admissions.ts";
import { decide, explain, type RuleDecision } from "./pipeline.ts";
import type { EffectiveRule } from "./policies/access-policy.ts";
import type { Belonging, PolicyStore } from "./policies/policy-store.ts";
import type { RecordingInfo, RecordingInfoCache } from "./policies/recording-info.ts";
import { plainName } from "./policies/stream-policy.ts";
import type { AccessSettings, AccessSubject, Purpose } from "./rules/rule.ts";
import type { SeatUse, ViewerSeat, ViewerSeats } from "./seats/viewer-seats.ts";

/** The app in the addresses of recordings: `/vod/ID`. */
export const RECORDINGS = "vod";

export type RecordingAccessOptions = {
  /** Read for every request, since a reload may change them. */
  readonly settings: () => AccessSettings;
  readonly recordings: RecordingInfoCache;
  readonly policies: PolicyStore;
  readonly addresses: AddressKnowledge;
  /** Hears of what a rule in dry-run would have refused. */
  readonly onDryRun?: (id: string, client: ClientFacts, of: EffectiveRule, refusal: Refusal) => void;
  /** Hears of each admission. */
  readonly onAdmitted?: (client: ClientFacts) => void;
  /** Asks for rules of kind `back-end`. Default: nobody is asked, and nobody refused by them. */
  readonly backEnds?: BackEnds;
  /** Default: viewers are not limited. */
  readonly seats?: ViewerSeats;
  readonly now?: () => number;
};

export class RecordingAccess {
  private readonly options: RecordingAccessOptions;
  /** Open downloads, by recording. */
  private readonly open = new OpenAdmissions((id, admission) => this.reviewOne(id, admission));
  /** The recordings that open downloads are of. */
  private readonly infos = new Map<string, RecordingInfo>();

  constructor(options: RecordingAccessOptions) {
    this.options = options;
    options.recordings.onChanged((id, info) => this.changed(id, info));
  }

  /** Policies, or what rules look up, have changed: ends the downloads that are not allowed any more. */
  readonly review = (): void => this.open.reviewAll();

  /** Whether a client may start to watch a recording. @param protocol hls, flv or mp4 */
  readonly check = (info: RecordingInfo, credentials: Credentials, client: ClientFacts, protocol: string): Refusal | null =>
    decide(this.replaySubject(info, credentials, client, protocol));

  /** The decision of every rule about a request. */
  readonly explain = (
    info: RecordingInfo,
    credentials: Credentials,
    client: ClientFacts,
    protocol = "hls",
  ): readonly RuleDecision[] => explain(this.subject("replay", protocol, info, credentials, client));

  /** Whether the viewer of a verified session may go on watching. */
  readonly recheck = (info: RecordingInfo, session: string, client: ClientFacts): Refusal | null | Promise<Refusal | null> => {
    const credentials = sessionCredentials(sessionViewerTag(session), sessionNumber(session));
    const subject = this.subject("stay", "hls", info, credentials, client);
    const { backEnds } = this.options;
    return backEnds ? backEnds.session(subject) : decide(subject);
  };

  /** Asks for permission to download a recording, which is withdrawn when the permission ends. */
  readonly ask = async (
    info: RecordingInfo,
    credentials: Credentials,
    client: ClientFacts,
    protocol: string,
    use: SeatUse = "take",
  ): Promise<Admission | Refusal> => {
    const seat = await this.askSession(info, credentials, client, protocol, use);
    if (seat instanceof Refusal) return seat;
    const { id } = info;
    this.infos.set(id, info);
    const admission = this.open.add(
      id,
      id,
      { protocol, client, viewer: credentials.viewer, publishKey: null, query: credentials.query },
      () => {
        seat?.leave();
        if (!this.open.has(id)) this.infos.delete(id);
      },
    );
    admission.seat = seat;
    seat?.onLost((refusal) => admission.withdraw(refusal));
    this.options.onAdmitted?.(client);
    // The permission may have ended while the seat was asked for.
    this.open.reviewOne(id, admission);
    return admission;
  };

  /** Asks the rules and for a seat; null where nothing limits viewers. */
  readonly askSession = async (
    info: RecordingInfo,
    credentials: Credentials,
    client: ClientFacts,
    protocol: string,
    use: SeatUse = "take",
  ): Promise<ViewerSeat | null | Refusal> => {
    const subject = this.replaySubject(info, credentials, client, protocol);
    const seat = this.options.seats?.open(subject) ?? null;
    const { backEnds } = this.options;
    const refused = backEnds ? await backEnds.begin(subject) : decide(subject);
    return refused ?? (await seat?.take(subject, use)) ?? seat;
  };

  /** @param info the recording's new state; null: it was deleted; undefined: unknown, because changes may have been missed */
  private changed(id: string, info: RecordingInfo | null | undefined): void {
    if (!this.open.has(id)) return;
    if (info === undefined) {
      // While the control process is unreachable, open downloads go on.
      void this.options.recordings.find(id);
      return;
    }
    if (!info?.open) return this.open.withdrawOf(id, new Refusal("no-such-recording"));
    this.infos.set(id, info);
    this.open.reviewOf(id);
  }

  private reviewOne(id: string, { admitted, seat }: OpenAdmission): Refusal | null {
    const { protocol, viewer, client, query } = admitted;
    const info = this.infos.get(id);
    if (!info) return null;
    const subject = this.subject("stay", protocol, info, admittedCredentials(viewer, null, query), client);
    const { backEnds } = this.options;
    const refusal = backEnds ? backEnds.stay(subject) : decide(subject);
    if (!refusal) seat?.review(subject.rules);
    return refusal;
  }

  private replaySubject(info: RecordingInfo, credentials: Credentials, client: ClientFacts, protocol: string): AccessSubject {
    const { onDryRun } = this.options;
    const subject = this.subject("replay", protocol, info, credentials, client);
    return { ...subject, onDryRun: (of, refusal) => onDryRun?.(info.id, client, of, refusal) };
  }

  private subject(
    purpose: Purpose,
    protocol: string,
    info: RecordingInfo,
    credentials: Credentials,
    client: ClientFacts,
  ): AccessSubject {
    const { settings, policies, addresses, now = Date.now } = this.options;
    return {
      purpose,
      protocol,
      app: RECORDINGS,
      name: info.id,
      client,
      credentials,
      lesson: null,
      recording: info,
      addresses,
      rules: policies.rulesOf("play", belongingOf(info)),
      linkKeys: policies.linkKeys,
      settings: settings(),
      now: now(),
      onDryRun: () => {},
    };
  }
}

/** What policies a recording is under. */
export function belongingOf(info: RecordingInfo): Belonging {
  const { schoolId, courseId, lessonId, id } = info;
  return { schoolId, courseId, lessonId, recordingId: id, stream: lessonId ? null : `${info.app}/${plainName(info.name)}` };
}
