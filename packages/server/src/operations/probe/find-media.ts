/**
 * Finds the media behind an address, step by step as a viewer's browser does: the page, the invitation, joining as a guest, and the redirect of the
 * dispatch.
 */
import { z } from "zod";
import type { ProbeFault, ProbeReport, ProbeTask } from "../../contracts/monitoring/probe-report.ts";
import { type Exchange, ExchangeError, exchange, readBody } from "./http-exchange.ts";
import type { StallCompensatedClock } from "./stall-compensated-clock.ts";

const MAX_PAGE_BYTES = 4 * 1024 * 1024;
const MAX_REDIRECTS = 4;
const GUEST = "Lectern probe";
/** The application that embedded players play streams of. */
const EMBEDDED_APP = "live";
const MEDIA = /\.(flv|m3u8)$/;
const CLASS_PAGE = /^\/(?:class|j)\/([^/]+)\/?$/;
const EMBED_PAGE = /^\/embed\/([^/]+)\/?$/;

const joined = z.object({
  waiting: z.boolean().default(false),
  play: z.object({ flv: z.string().nullable(), hls: z.string().nullable() }).nullable(),
});

type Step = ProbeReport["steps"][number];

export type FoundMedia = {
  readonly url: URL;
  readonly answer: Exchange;
};

/** A step that failed. */
export class StepError extends Error {
  readonly fault: ProbeFault;

  constructor(fault: ProbeFault, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.fault = fault;
  }
}

export class MediaFinder {
  readonly steps: Step[] = [];
  certificateEndsAt: number | null = null;
  private readonly clock: StallCompensatedClock;
  private readonly signal: AbortSignal;

  constructor(clock: StallCompensatedClock, signal: AbortSignal) {
    this.clock = clock;
    this.signal = signal;
  }

  /** Whether a probe knows what to do with an address. */
  static knows(url: URL): boolean {
    return [MEDIA, CLASS_PAGE, EMBED_PAGE].some((pattern) => pattern.test(url.pathname));
  }

  /** Everything before the media. @returns the address of the media @throws StepError */
  async prepare({ url: text, page, invitation }: ProbeTask): Promise<URL> {
    if (page !== null) await this.fetch("page", "page-failed", new URL(page));
    if (invitation !== null) await this.fetch("invitation", "join-failed", new URL(invitation));
    const url = new URL(text);
    const [, code] = CLASS_PAGE.exec(url.pathname) ?? [];
    const [, name] = EMBED_PAGE.exec(url.pathname) ?? [];
    if (code === undefined && name === undefined) return url;
    await this.fetch("page", "page-failed", url);
    return code === undefined ? new URL(`/${EMBEDDED_APP}/${name}.flv${url.search}`, url) : await this.join(code, url);
  }

  /** Opens the media, by way of redirects. @throws StepError */
  async open(from: URL): Promise<FoundMedia> {
    let url = from;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const isDispatched = url.origin !== from.origin;
      const answer = await this.ask(url, isDispatched ? "dispatch-failed" : "unreachable", () =>
        isDispatched ? `The dispatch chose ${url.host}, which does not answer: ` : "",
      );
      const isRedirect = answer.status >= 300 && answer.status < 400 && answer.location !== null;
      const isDispatch = isRedirect || url.pathname.startsWith("/dispatch/");
      this.steps.push({ name: isDispatch ? "dispatch" : "media", ms: answer.ms, status: answer.status });
      if (isRedirect) {
        answer.body.destroy();
        url = new URL(answer.location ?? "", url);
        continue;
      }
      if (answer.status === 200) return { url, answer };
      const code = isDispatch ? "dispatch-failed" : "http-error";
      throw new StepError(code, `${url.host} answered with HTTP ${answer.status}${await this.problem(answer)}.`);
    }
    throw new StepError("dispatch-failed", `More than ${MAX_REDIRECTS} redirects.`);
  }

  private async join(code: string, page: URL): Promise<URL> {
    const at = new URL(`/api/v1/lessons/${code}/join`, page);
    const answer = await this.ask(at, "join-failed", () => "Joining failed: ", { name: GUEST });
    this.steps.push({ name: "join", ms: answer.ms, status: answer.status });
    if (answer.status !== 200)
      throw new StepError("join-failed", `Joining was answered with HTTP ${answer.status}${await this.problem(answer)}.`);
    const body = joined.safeParse(parsed(await this.textOf(answer)));
    if (!body.success) throw new StepError("join-failed", "The answer to joining has no addresses.");
    const { play, waiting } = body.data;
    if (waiting) throw new StepError("join-failed", "The lesson has a waiting room, and nobody lets the probe in.");
    const media = play?.flv ?? play?.hls;
    if (!media) throw new StepError("join-failed", "The lesson gives a guest no address to watch at.");
    return new URL(media, page);
  }

  private async fetch(name: "page" | "invitation", fault: ProbeFault, url: URL): Promise<void> {
    const answer = await this.ask(url, fault, () => `${url.pathname}: `);
    this.steps.push({ name, ms: answer.ms, status: answer.status });
    if (answer.status !== 200)
      throw new StepError(fault, `${url.pathname} was answered with HTTP ${answer.status}${await this.problem(answer)}.`);
    try {
      await readBody(answer, MAX_PAGE_BYTES, this.clock);
    } catch (error) {
      throw new StepError(fault, `${url.pathname}: ${error instanceof Error ? error.message : error}.`, error);
    }
  }

  private async ask(url: URL, fault: ProbeFault, where: () => string, json?: unknown): Promise<Exchange> {
    try {
      const answer = await exchange(url, { clock: this.clock, signal: this.signal, ...(json === undefined ? {} : { json }) });
      this.certificateEndsAt = earlier(this.certificateEndsAt, answer.certificateEndsAt);
      return answer;
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      throw new StepError(certificateFault(error.code) ?? fault, `${where()}${url.host}: ${error.message}.`, error);
    }
  }

  /** The stable code of a refusal (RFC 9457), where the answer has one. */
  private async problem(answer: Exchange): Promise<string> {
    const body = z.object({ code: z.string() }).safeParse(parsed(await this.textOf(answer).catch(() => "")));
    return body.success ? ` (${body.data.code})` : "";
  }

  private async textOf(answer: Exchange): Promise<string> {
    return (await readBody(answer, MAX_PAGE_BYTES, this.clock)).toString();
  }
}

/** OpenSSL's names for certificates that browsers refuse. */
function certificateFault(code: string): ProbeFault | null {
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") return "certificate-expired";
  const isUntrusted = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME|INVALID_CA|INVALID_PURPOSE/.test(code);
  return isUntrusted ? "certificate-untrusted" : null;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
