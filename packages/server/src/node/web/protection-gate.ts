/**
 * Applies measures against addresses to requests for the API and for pages, and counts as signs what the control process answers. Media are left to the
 * access rule `held-address`.
 *
 * A clearance, and a session or key that was right before, lets a request through at once. Those that this process does not know yet wait, and go to
 * the control process, as long as the address has not sent wrong ones.
 */
import { Counter, type Registry } from "prom-client";
import { cookieCredential, PAGE_HEADER } from "../../access/credentials/session-cookie.ts";
import type { AbuseSignalTally } from "../../access/protection/abuse-signal-tally.ts";
import { attackToolOf } from "../../access/protection/attack-tools.ts";
import type { CountermeasuresInForce } from "../../access/protection/countermeasures-in-force.ts";
import type { Crawlers } from "../../access/protection/crawlers.ts";
import { hasProofOfWork } from "../../access/protection/proof-of-work.ts";
import type { ProvenCredentials } from "../../access/protection/proven-credentials.ts";
import type { MediaRequest } from "../../live/http/media-request.ts";
import { addressOwner } from "../../platform/address.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { Refusal } from "../../platform/refusal.ts";

export type ProtectionGateOptions = {
  readonly countermeasures: Pick<CountermeasuresInForce, "of">;
  readonly tally: Pick<AbuseSignalTally, "good" | "note" | "noteName" | "noteReferer">;
  readonly proven: ProvenCredentials;
  readonly crawlers: Pick<Crawlers, "verdictOf">;
  /** All secrets of signed links: clearances are signed with keys of them. */
  readonly secrets: () => readonly string[];
  /** The host of the public address; empty: none. */
  readonly publicHost: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long requests wait. Default: 2000 ms. */
  readonly waitMs?: number;
};

/** Null: passes at once. A promise: passes, or is refused, after a wait. */
export type GateVerdict = Refusal | Promise<Refusal | null> | null;

const WAIT_MS = 2000;
/** Requests that wait at once: of a worker, and of one address. Each is a connection and a timer. */
const MAX_WAITING = 2000;
const MAX_WAITING_PER_ADDRESS = 100;
/** Of a held address: requests for challenges, and where everything is refused, for pages. */
const OPEN = { burst: 100, perSecond: 20 };
/** A refused request counts as so many over a limit: one that goes on without a clearance prolongs the measure. */
const HELD_TIMES = 4;
/** An attempt to sign in beyond the limit of attempts: half of a wrong one. */
const PASSWORD_TIMES = 20;
const API = "/api/v1/";
/** Of a User-Agent that people are shown. */
const MAX_AGENT = 128;
const CHALLENGE_PATHS = /^\/api\/v1\/challenge(?:$|\/)/;
/** Requests that check a secret that was given, or cost much, though they change nothing. */
const COSTLY_PATHS = /^\/api\/v1\/(?:invitations|password-resets|sign-on|lti|calendars|dispatch)(?:$|\/)/;
const PASSWORD_PATHS = /^\/api\/v1\/(?:sessions|password-resets|me\/password|me\/proof)(?:$|\/)/;
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];
const BEARER = /^Bearer +(\S+)$/i;
/** What is refused by these is a sign where the address had not asked for it before. */
const REFUSED_NAMES = [401, 403, 404, 410];
const CHALLENGE = new Refusal("challenge-required");

export class ProtectionGate {
  private readonly options: ProtectionGateOptions;
  private readonly open = new RateLimit(OPEN);
  private readonly waitingOf = new Map<string, number>();
  private waiting = 0;
  private readonly counts = { waited: 0, challenged: 0, refused: 0 };

  constructor(options: ProtectionGateOptions) {
    this.options = options;
  }

  /** Decides on a request for the API or a page. */
  check(request: MediaRequest): GateVerdict {
    const { client } = request;
    const measure = client.isFromNode ? null : this.options.countermeasures.of(client.ip);
    if (measure === null) return null;
    const owner = addressOwner(client.ip);
    const path = routedPath(request);
    const isPage = !path.startsWith(API) && isSafe(request);
    if (CHALLENGE_PATHS.test(path)) return this.admitOpen(owner);
    if (isPage && measure !== "refuse") return null;
    if (this.isCleared(request, owner)) return null;
    if (isPage && this.options.crawlers.verdictOf(client.ip, request.headers["user-agent"]) === "crawler") return null;
    if (isPage) return this.admitOpen(owner);
    const credential = credentialOf(request, this.options.publicHost());
    if (credential !== null && this.options.proven.isProven(credential)) return null;
    const mayTry = credential !== null && this.options.proven.mayTry(owner);
    if (measure === "slow" || mayTry) return this.wait(owner);
    const isCostly = !isSafe(request) || COSTLY_PATHS.test(path);
    if (measure === "challenge" && !isCostly) return this.wait(owner);
    return this.refuse(request, measure === "challenge");
  }

  /** Decides on the handshake of a room. Its link is checked later, so with one it waits at most. */
  checkRoom(request: MediaRequest): GateVerdict {
    const { client, address } = request;
    const measure = client.isFromNode ? null : this.options.countermeasures.of(client.ip);
    const owner = addressOwner(client.ip);
    if (measure === null || this.isCleared(request, owner)) return null;
    if (measure !== "slow" && !address.query.has("sign")) return this.refuse(request, true);
    return this.wait(owner);
  }

  /** The control process has answered a request. */
  answered(request: MediaRequest, status: number): void {
    const { client, headers, method } = request;
    const { ip } = client;
    const path = routedPath(request);
    if (client.isFromNode) return;
    const { tally, proven, crawlers } = this.options;
    const tool = attackToolOf(headers["user-agent"]);
    const isFalse = crawlers.verdictOf(ip, headers["user-agent"]) === "false";
    if (isFalse) tally.note(ip, "false-crawler", headers["user-agent"]?.slice(0, MAX_AGENT) ?? null);
    if (tool !== null) tally.note(ip, "attack-tool", tool);
    if (headers.referer !== undefined) tally.noteReferer(ip, headers.referer);
    const isApi = path.startsWith(API);
    const credential = isApi ? credentialOf(request, this.options.publicHost()) : null;
    if (status < 400) {
      if (credential !== null) proven.accepted(credential);
      if (tool === null && !isFalse) tally.good(ip);
      return;
    }
    const about = `${status} ${method ?? ""} ${coveredPath(path)}`;
    if (status === 401 && PASSWORD_PATHS.test(path) && !isSafe(request)) tally.note(ip, "wrong-credential", about);
    else if (status === 401 && credential !== null) {
      proven.refused(addressOwner(ip), credential);
      tally.noteName(ip, "wrong-credential", credential, about);
    } else if (REFUSED_NAMES.includes(status)) tally.noteName(ip, "new-name", path, about);
    else if (status === 429) tally.note(ip, "too-many", about, PASSWORD_PATHS.test(path) ? PASSWORD_TIMES : HELD_TIMES);
  }

  /** A request's body did not arrive in time. */
  late(request: MediaRequest): void {
    const { client } = request;
    if (!client.isFromNode) this.options.tally.note(client.ip, "slow", `body of ${coveredPath(routedPath(request))}`);
  }

  metrics(registry: Registry): void {
    const { counts } = this;
    new Counter({
      name: "lectern_countermeasure_requests_total",
      help: "Requests of addresses under a measure that had to wait, needed a clearance, or were refused",
      labelNames: ["result"],
      registers: [registry],
      collect() {
        this.reset();
        for (const [result, count] of Object.entries(counts)) this.inc({ result }, count);
      },
    });
  }

  private isCleared({ headers }: MediaRequest, owner: string): boolean {
    return hasProofOfWork(headers.cookie, owner, this.options.secrets(), this.options.now());
  }

  private admitOpen(owner: string): Refusal | null {
    const seconds = this.open.take([owner]);
    if (seconds <= 0) return null;
    this.counts.refused++;
    return new Refusal("too-many").after(seconds);
  }

  /** Pages of this server get a clearance for themselves when they are told to, whatever the measure. */
  private refuse(request: MediaRequest, mayClear: boolean): Refusal {
    const { client, headers } = request;
    const { tally } = this.options;
    const path = routedPath(request);
    tally.note(client.ip, "too-many", null, HELD_TIMES);
    tally.noteName(client.ip, "new-name", path, coveredPath(path));
    if (mayClear || headers[PAGE_HEADER] !== undefined) {
      this.counts.challenged++;
      return CHALLENGE;
    }
    this.counts.refused++;
    return new Refusal("too-many").after(60);
  }

  private wait(owner: string): GateVerdict {
    const ofOwner = this.waitingOf.get(owner) ?? 0;
    const { waitMs = WAIT_MS } = this.options;
    if (this.waiting >= MAX_WAITING || ofOwner >= MAX_WAITING_PER_ADDRESS) {
      this.counts.refused++;
      return new Refusal("too-many").after(waitMs / 1000);
    }
    this.waiting++;
    this.counts.waited++;
    this.waitingOf.set(owner, ofOwner + 1);
    return new Promise((resolve) => {
      setTimeout(() => {
        this.waiting--;
        const left = (this.waitingOf.get(owner) ?? 1) - 1;
        if (left > 0) this.waitingOf.set(owner, left);
        else this.waitingOf.delete(owner);
        resolve(null);
      }, waitMs).unref();
    });
  }
}

/** The session or key that the control process will check; null: it will check none. */
function credentialOf({ headers, client }: MediaRequest, publicHost: string): string | null {
  const bearer = BEARER.exec(headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  if (headers.cookie === undefined) return null;
  const found = cookieCredential({ ...headers, "x-forwarded-proto": client.isSecure ? "https" : "http" }, publicHost);
  return found === null || found === "cross-site" ? null : found.token;
}

/**
 * The path as the control process finds its route: decoded, and without the host of an absolute address (RFC 9112 section 3.2.2). Otherwise
 * `/%61pi/` would pass for a page.
 */
function routedPath({ address }: MediaRequest): string {
  const path = address.path.replace(/^https?:\/\/[^/]*/i, "");
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A path without what may be a secret in it. */
function coveredPath(path: string): string {
  const parts = path.slice(0, 256).split("/");
  const shown = path.startsWith(API) ? 4 : 2;
  return parts.length > shown ? `${parts.slice(0, shown).join("/")}/…` : parts.join("/");
}

function isSafe({ method }: MediaRequest): boolean {
  return SAFE_METHODS.includes(method ?? "GET");
}
