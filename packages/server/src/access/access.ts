/**
 * Decides who may publish and who may watch. Every door asks here before a client reaches a stream, and gets an admission that can be
 * withdrawn.
 *
 *     credentials ─▶ access rules ─▶ back ends of rules ─▶ is the stream there? ─▶ callbacks ─▶ admission
 */

import { randomInt } from "node:crypto";
import { systemClock } from "../platform/clock.ts";
import { newId } from "../platform/id.ts";
import { Refusal } from "../platform/refusal.ts";
import type { Admission, OpenAdmission } from "./admission.ts";
import type { BackEnds } from "./back-ends.ts";
import type { CallbackEvent } from "./callbacks/callback-event.ts";
import type { Callbacks } from "./callbacks/callbacks.ts";
import type { AddressKnowledge, ClientFacts } from "./credentials/client-facts.ts";
import { admittedCredentials, type Credentials } from "./credentials/credentials.ts";
import { STILLS_ONLY } from "./links/signed-link.ts";
import { OpenAdmissions } from "./open-admissions.ts";
import { decide, explain, type RuleDecision } from "./pipeline.ts";
import type { EffectiveRule } from "./policies/access-policy.ts";
import type { PolicyStore } from "./policies/policy-store.ts";
import { isSchoolStream, lessonStreamOf, memberOf, plainName, type StreamPolicy } from "./policies/stream-policy.ts";
import type { StreamPolicyCache } from "./policies/stream-policy-cache.ts";
import { isAheadOfPolicy } from "./rules/member-publish-key.ts";
import type { AccessSettings, AccessSubject, Purpose } from "./rules/rule.ts";
import { ruleText } from "./rules/rule-texts.ts";
import type { SeatUse, ViewerSeat, ViewerSeats } from "./seats/viewer-seats.ts";

export type AccessRequest = {
  readonly action: "publish" | "play";
  /** As metrics name it: rtmp, flv, ws, hls. */
  readonly protocol: string;
  readonly app: string;
  readonly name: string;
  readonly client: ClientFacts;
  readonly credentials: Credentials;
  /** Where rules limit viewers. probe: asks only whether there is a seat, as HEAD does; none: another node has given one. Default: take. */
  readonly seat?: SeatUse;
  /** The connection's number where the door has one; else one is assigned. */
  readonly clientId?: string;
  /** `rtmp://host/app`, or the address's part before the stream's name. */
  readonly tcUrl?: string;
};

/**
 * Asks for permission to publish or watch: rules, then callbacks.
 * @param present called after the rules with the stream's name; a refusal when that stream cannot be had
 */
export type Ask = (
  request: AccessRequest,
  present: (name: string) => Refusal | null | Promise<Refusal | null>,
) => Promise<Admission | Refusal>;

/** Asks the rules alone, without an admission: for stills. */
export type Check = (request: AccessRequest) => Promise<Refusal | null>;

/** Asks whether an admitted client may continue. A cached policy answers at once, without a promise. */
export type Recheck = (
  app: string,
  name: string,
  credentials: Credentials,
  client: ClientFacts,
) => Refusal | null | Promise<Refusal | null>;

export type AccessOptions = {
  /** Read for every request, since a reload may change them. */
  readonly settings: () => AccessSettings;
  readonly streamPolicies: StreamPolicyCache;
  readonly policies: PolicyStore;
  readonly addresses: AddressKnowledge;
  /** Hears of what a rule in dry-run would have refused. */
  readonly onDryRun?: (request: AccessRequest, of: EffectiveRule, refusal: Refusal) => void;
  /** Hears of each decision about a client that asked to start. */
  readonly onDecided?: (request: AccessRequest, refusal: Refusal | null) => void;
  readonly callbacks: Callbacks;
  /** Asks for rules of kind `back-end`. Default: nobody is asked, and nobody refused by them. */
  readonly backEnds?: BackEnds;
  /** Default: viewers are not limited. */
  readonly seats?: ViewerSeats;
  readonly now?: () => number;
};

/** A random number for a connection, as SRS has them. */
export function newClientId(): string {
  return String(randomInt(1, 2 ** 47));
}

/** Policies come from the control process, which may have just begun to start. */
const POLICIES_WITHIN_MS = 3000;

export class AccessControl {
  private readonly options: AccessOptions;
  private readonly open = new OpenAdmissions((key, admission) => this.reviewOne(key, admission));

  constructor(options: AccessOptions) {
    this.options = options;
    options.streamPolicies.onChanged((app, name, policy) => {
      if (policy) this.open.reviewOf(`${app}/${name}`);
      else this.open.withdrawOf(`${app}/${name}`, new Refusal("no-such-stream"));
    });
  }

  /** Policies, or what rules look up, have changed: ends what is open and not allowed any more. */
  readonly review = (): void => this.open.reviewAll();

  readonly check: Check = async (request) =>
    refuseStillsLink(request) ?? (await this.begin(await this.current(await this.subjectOf(request))));

  /** The decision of every rule about a request. Admits no client. */
  readonly explain = async (request: AccessRequest): Promise<readonly RuleDecision[]> => explain(await this.subjectOf(request));

  readonly ask: Ask = async (request, present) => {
    const answer = await this.decideOn(request, present);
    this.options.onDecided?.(request, answer instanceof Refusal ? answer : null);
    return answer;
  };

  private async decideOn(request: AccessRequest, present: Parameters<Ask>[1]): Promise<Admission | Refusal> {
    const stills = refuseStillsLink(request);
    if (stills) return stills;
    const subject = await this.current(await this.subjectOf(request));
    const refused = await this.begin(subject);
    if (refused) return refused;
    // The people of a small lesson watch each other: they have their places by the lesson's room.
    const isLimited = request.action === "play" && memberOf(request.name) === null;
    const seat = (isLimited && this.options.seats?.open(subject)) || null;
    const admitted = await this.askBeyondRules(request, present, seat, () => seat?.take(subject, request.seat));
    if (admitted instanceof Refusal) seat?.leave();
    return admitted;
  }

  /** Asks the rules and for a seat, for a session whose files another node serves; null where no rule limits viewers. */
  readonly askSession = async (request: AccessRequest): Promise<ViewerSeat | null | Refusal> => {
    const stills = refuseStillsLink(request);
    if (stills) return stills;
    const subject = await this.subjectOf(request);
    const seat = this.options.seats?.open(subject) ?? null;
    return (await this.begin(subject)) ?? (await seat?.take(subject, request.seat)) ?? seat;
  };

  private async askBeyondRules(
    request: AccessRequest,
    present: Parameters<Ask>[1],
    seat: ViewerSeat | null,
    takeSeat: () => Promise<Refusal | null> | undefined,
  ): Promise<Admission | Refusal> {
    const { name } = request;
    const { callbacks } = this.options;
    const event = eventOf(request);
    if (!callbacks.wants(event.action)) {
      const absent = (await present(name)) ?? (await takeSeat());
      return absent ?? this.admit(request, name, null, seat);
    }
    // A back end in the style of nginx-rtmp may redirect to another name, so this name's stream need not be there.
    const absent = (callbacks.renames ? null : await present(name)) ?? (await takeSeat());
    if (absent) return absent;
    const answer = await callbacks.ask(event);
    if (answer instanceof Refusal) return answer;
    const admission = this.admit(request, answer.name ?? name, event, seat);
    const missing = callbacks.renames ? await present(admission.name) : null;
    if (missing) admission.close();
    return missing ?? admission;
  }

  /** For HLS. Works in every process, not only in the one that admitted the client, because every process accepts an HLS session. */
  readonly recheck: Recheck = (app, name, credentials, client) => {
    const of = { app, name, credentials, client, protocol: "hls" };
    if (!isSchoolStream(name)) return this.session(this.subject("stay", of, null));
    const { streamPolicies } = this.options;
    const cached = streamPolicies.peek(app, name);
    if (cached) return this.session(this.subject("stay", of, cached));
    return streamPolicies.find(app, name).then((found) => this.session(this.subject("stay", of, orAbsent(found))));
  };

  private async begin(subject: AccessSubject): Promise<Refusal | null> {
    const { backEnds } = this.options;
    return backEnds ? await backEnds.begin(subject) : decide(subject);
  }

  private session(subject: AccessSubject): ReturnType<Recheck> {
    const { backEnds } = this.options;
    return backEnds ? backEnds.session(subject) : decide(subject);
  }

  private async subjectOf(request: AccessRequest): Promise<AccessSubject> {
    const { action, app, name } = request;
    const { policies, addresses, streamPolicies } = this.options;
    await policies.whenKnown(POLICIES_WITHIN_MS);
    if (policies.needsPlaces) await addresses.ready();
    const lesson = isSchoolStream(name) ? orAbsent(await streamPolicies.find(app, name)) : null;
    return { ...this.subject(action, request, lesson), onDryRun: (of, refusal) => this.options.onDryRun?.(request, of, refusal) };
  }

  /** A member whom the room has just called on has the key before this process has heard of it. */
  private async current(subject: AccessSubject): Promise<AccessSubject> {
    if (!isAheadOfPolicy(subject)) return subject;
    const { app, name } = subject;
    return { ...subject, lesson: orAbsent(await this.options.streamPolicies.renew(app, name)) };
  }

  private subject(
    purpose: Purpose,
    { protocol, app, name, client, credentials }: Pick<AccessSubject, "protocol" | "app" | "name" | "client" | "credentials">,
    lesson: AccessSubject["lesson"],
  ): AccessSubject {
    const { settings, policies, addresses, now = systemClock.utc } = this.options;
    const isPublisher = purpose === "publish" || (purpose === "stay" && credentials.publishKey !== null);
    const belonging = lesson === null ? { stream: `${app}/${plainName(name)}` } : lesson instanceof Refusal ? {} : lesson;
    return {
      purpose,
      protocol,
      app,
      name,
      client,
      credentials,
      lesson,
      recording: null,
      addresses,
      rules: policies.rulesOf(isPublisher ? "publish" : "play", belonging),
      linkKeys: policies.linkKeys,
      settings: settings(),
      now: now(),
      onDryRun: () => {},
    };
  }

  private admit(request: AccessRequest, name: string, event: CallbackEvent | null, seat: ViewerSeat | null): Admission {
    const { app, action, protocol, client, credentials } = request;
    const { callbacks } = this.options;
    const key = `${app}/${lessonStreamOf(request.name)}`;
    const publishKey = action === "publish" ? (credentials.publishKey ?? "") : null;
    const admission = this.open.add(
      key,
      name,
      { protocol, client, viewer: credentials.viewer, publishKey, query: credentials.query },
      () => {
        seat?.leave();
        if (event) callbacks.closed(event);
      },
    );
    admission.seat = seat;
    seat?.onLost((refusal) => admission.withdraw(refusal));
    if (event) callbacks.opened(event);
    // Policies may have changed during the callbacks.
    this.open.reviewOne(key, admission);
    return admission;
  }

  private reviewOne(key: string, { name, admitted, seat }: OpenAdmission): Refusal | null {
    const app = key.slice(0, key.lastIndexOf("/"));
    const { protocol, client, viewer, publishKey, query } = admitted;
    const credentials = admittedCredentials(viewer, publishKey, query);
    const of = { protocol, app, name, client, credentials };
    const asked = key.slice(app.length + 1);
    const isLesson = isSchoolStream(asked);
    const policy = isLesson ? this.options.streamPolicies.peek(app, asked) : null;
    // A policy that is not cached any more has not changed.
    if (isLesson && !policy) return null;
    const subject = this.subject("stay", isLesson ? of : { ...of, name: asked }, policy);
    const { backEnds } = this.options;
    const refusal = backEnds ? backEnds.stay(subject) : decide(subject);
    if (!refusal) seat?.review(subject.rules);
    return refusal;
  }
}

/** A link for still images opens nothing else. */
export function refuseStillsLink({ protocol, credentials }: Pick<AccessRequest, "protocol" | "credentials">): Refusal | null {
  if (credentials.link?.viewer !== STILLS_ONLY || protocol === "still") return null;
  return new Refusal("refused-by-rule", ruleText("link-of-stills"));
}

function orAbsent(found: StreamPolicy | Refusal | null): StreamPolicy | Refusal {
  return found ?? new Refusal("no-such-stream");
}

function eventOf(request: AccessRequest): CallbackEvent {
  const { action, protocol, app, name, client, credentials, tcUrl = "" } = request;
  const { ip, referer } = client;
  const clientId = request.clientId ?? newClientId();
  return { action, clientId, session: newId(), protocol, app, name, ip, param: credentials.query, tcUrl, pageUrl: referer ?? "" };
}
