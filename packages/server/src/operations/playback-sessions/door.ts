/**
 * Takes viewers' beacons: `POST /api/v1/views`, one beacon as JSON, also as `text/plain`, which `navigator.sendBeacon` can send to another
 * origin without a preflight. A media worker answers by itself; what it has added up goes to the control process every few seconds.
 */
import { Counter, Gauge, type Registry } from "prom-client";
import { type ViewBeacon, viewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";
import type { Door } from "../../live/http/door.ts";
import { type MediaRequest, type MediaResponse, sendShared } from "../../live/http/media-request.ts";
import { OPEN_TO_ALL, sendRefusal, TELLS_TIME } from "../../live/http/responses.ts";
import { SharedAnswer } from "../../live/http/shared-answer.ts";
import { readSmallBody } from "../../live/http/small-body.ts";
import { validationErrorsOf } from "../../platform/api/validation-errors.ts";
import { Refusal } from "../../platform/refusal.ts";
import { implausibleFields } from "./plausible.ts";
import { shortAddress } from "./short-address.ts";
import type { ViewCounter, ViewOrigin } from "./view-counter.ts";
import { viewText } from "./view-texts.ts";

export type ViewsDoorOptions = {
  readonly counter: ViewCounter;
  /** Who the link of a session's first beacon names; null: nobody. Refuses links that are not of the stream, and streams that are not there. */
  readonly admit: (beacon: ViewBeacon, request: MediaRequest) => Promise<string | null | Refusal>;
  readonly locationOf: (ip: string) => { readonly carrier: string; readonly region: string };
};

/** A beacon with 20 stalls has about 2 kB. */
const MAX_BODY = 8192;
const PREFLIGHT = {
  ...OPEN_TO_ALL,
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
};
const TAKEN = new SharedAnswer(204, { "cache-control": "no-store", ...OPEN_TO_ALL, ...TELLS_TIME }, Buffer.alloc(0));
/** Of one address: more people than any school has behind one. */
const MAX_PER_ADDRESS = 10_000;
/** Of one viewer: many tabs, and all of them loaded again. */
const MAX_PER_VIEWER = 200;
/** A player that is told to wait sends its next beacon then. */
const WAIT_SECONDS = 60;

export class PlaybackSessionsDoor implements Door<true> {
  readonly name = "views";
  private readonly options: ViewsDoorOptions;
  /** Sessions that began, by address and by viewer, since the last sweep. */
  private readonly begun = new Map<string, number>();
  private readonly beacons = new Counter({
    name: "lectern_view_beacons_total",
    help: "Beacons of players, by what became of them",
    labelNames: ["result"],
    registers: [],
  });

  constructor(options: ViewsDoorOptions) {
    this.options = options;
  }

  match({ address, method }: MediaRequest): true | null {
    const [api, version, views, ...rest] = address.segments;
    const isHere = api === "api" && version === "v1" && views === "views" && rest.length === 0;
    // Lists of sessions are the control process's.
    return isHere && method !== "GET" && method !== "HEAD" ? true : null;
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: MediaRequest, response: MediaResponse): void {
    if (request.method === "OPTIONS") {
      response.writeHead(204, PREFLIGHT);
      response.end();
    } else if (request.method !== "POST") {
      response.writeHead(405, { allow: "GET, HEAD, OPTIONS, POST" });
      response.end();
    } else void this.take(request, response);
  }

  metrics(registry: Registry): void {
    registry.registerMetric(this.beacons);
    const { counter } = this.options;
    new Gauge({
      name: "lectern_view_sessions",
      help: "Sessions of players that tell how it goes",
      registers: [registry],
      collect() {
        this.set(counter.size);
      },
    });
  }

  /** Forgets who has begun how many sessions. Called once a minute. */
  sweep(): void {
    this.begun.clear();
  }

  close(): void {
    this.begun.clear();
  }

  private async take(request: MediaRequest, response: MediaResponse): Promise<void> {
    const refusal = await this.decide(request);
    this.beacons.inc({ result: refusal?.code ?? "taken" });
    if (refusal) return sendRefusal(request, response, refusal);
    sendShared(request, response, TAKEN);
  }

  private async decide(request: MediaRequest): Promise<Refusal | null> {
    const { counter } = this.options;
    const text = await readSmallBody(request, MAX_BODY);
    if (text instanceof Refusal) return text;
    const beacon = parse(text);
    if (beacon instanceof Refusal) return beacon;
    const origin = await this.originOf(beacon, request);
    if (origin instanceof Refusal) return origin;
    const result = counter.take(beacon, origin);
    if (result === "other-stream") return new Refusal("bad-request", viewText("other-stream"));
    if (result === "too-much-time") return implausible(["watchedMs", "bsd"]);
    return result === "full" || result === "too-many" ? tooMany() : null;
  }

  /** A session that is known is not looked up again, unless its link was renewed: then it has to name the same viewer. */
  private async originOf(beacon: ViewBeacon, request: MediaRequest): Promise<ViewOrigin | Refusal> {
    const known = this.options.counter.find(beacon.sid);
    if (!known) return await this.admit(beacon, request);
    if (known.link === beacon.link) return known.origin;
    const viewer = await this.options.admit(beacon, request);
    if (viewer instanceof Refusal) return viewer;
    return known.origin.viewer === null || known.origin.viewer === viewer ? known.origin : new Refusal("bad-signature");
  }

  private async admit(beacon: ViewBeacon, request: MediaRequest): Promise<ViewOrigin | Refusal> {
    const { ip } = request;
    if (!this.mayBegin(ip, MAX_PER_ADDRESS)) return tooMany();
    const viewer = await this.options.admit(beacon, request);
    if (viewer instanceof Refusal) return viewer;
    if (viewer !== null && !this.mayBegin(`viewer ${viewer}`, MAX_PER_VIEWER)) return tooMany();
    return { viewer, network24: shortAddress(ip), ...this.options.locationOf(ip) };
  }

  private mayBegin(who: string, most: number): boolean {
    const begun = this.begun.get(who) ?? 0;
    if (begun >= most) return false;
    this.begun.set(who, begun + 1);
    return true;
  }
}

function tooMany(): Refusal {
  return new Refusal("too-many").after(WAIT_SECONDS);
}

function parse(text: string): ViewBeacon | Refusal {
  const sent = parsedJson(text);
  if (sent === undefined) return new Refusal("bad-request", viewText("no-json"));
  const { data } = viewBeacon.safeParse(sent);
  if (data) {
    const fields = implausibleFields(data);
    return fields === null ? data : implausible(fields);
  }
  const mistakes = validationErrorsOf(viewBeacon, sent);
  const field = mistakes[0]?.path || "the beacon";
  return new Refusal("bad-request", viewText("field", { field, mistake: mistakes[0]?.message ?? "" }), mistakes);
}

function implausible(fields: readonly string[]): Refusal {
  const mistakes = fields.map((path) => ({ path, message: viewText("implausible") }));
  return new Refusal("bad-request", viewText("implausible-fields", { fields: fields.join(", ") }), mistakes);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
