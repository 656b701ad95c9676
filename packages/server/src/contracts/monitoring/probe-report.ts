/** Defines what a probe is asked to watch, and what it reports: on the wire between processes and nodes, and the output of `lectern probe --json`. */
import { z } from "zod";

/** Why a probe falls short. */
export const PROBE_FAULTS = [
  "unreachable",
  "certificate-expired",
  "certificate-untrusted",
  "page-failed",
  "join-failed",
  "dispatch-failed",
  "http-error",
  "no-media",
  "slow-first-frame",
  "stalled",
  "late",
  "ended",
  "undecodable",
  "black",
  "frozen",
  "silent",
] as const;
export type ProbeFault = (typeof PROBE_FAULTS)[number];

/** `unsure`: the probe's own machine was too slow to judge, and nothing else was wrong. */
export const PROBE_VERDICTS = ["good", "short", "unsure"] as const;

/** What is looked at in the decoded picture and sound. A lesson of slides may stand still, and a teacher may be silent. */
export const probeChecks = z.object({ black: z.boolean(), frozen: z.boolean(), silent: z.boolean() });
export type ProbeChecks = z.infer<typeof probeChecks>;

export const probeLimits = z.object({
  /** From the request for the media to the first decodable picture. */
  firstFrameMs: z.int().min(100).max(60_000),
  /** Stalls and lost media within the time that was watched, together. */
  stallMs: z.int().min(100).max(600_000),
  /** Behind the newest picture (FLV), or behind real time (HLS). */
  delayMs: z.int().min(500).max(600_000),
  blackMs: z.int().min(500).max(600_000),
  frozenMs: z.int().min(500).max(600_000),
  silentMs: z.int().min(500).max(600_000),
});
export type ProbeLimits = z.infer<typeof probeLimits>;

export const DEFAULT_LIMITS: ProbeLimits = {
  firstFrameMs: 3000,
  stallMs: 2000,
  delayMs: 20_000,
  blackMs: 5000,
  frozenMs: 8000,
  silentMs: 10_000,
};
/** Watching for so long finds a picture that stands still, and is over within half a minute of the clock. */
export const DEFAULT_SECONDS = 18;
export const MAX_SECONDS = 3600;

/** One watch of one address. */
export const probeTask = z.object({
  /** A stream, its dispatch address, or a page that people watch at. */
  url: z.url({ protocol: /^https?$/ }),
  /** A page and an invitation that are fetched first, as a person's browser does. */
  page: z.url({ protocol: /^https?$/ }).nullable(),
  invitation: z.url({ protocol: /^https?$/ }).nullable(),
  seconds: z.number().min(1).max(MAX_SECONDS),
  checks: probeChecks,
  limits: probeLimits,
});
export type ProbeTask = z.infer<typeof probeTask>;

export const PROBE_STEPS = ["page", "invitation", "join", "dispatch", "media"] as const;

export const probeReport = z.object({
  /** The address, without its secrets. */
  url: z.string(),
  /** When it began, milliseconds since 1970. */
  at: z.number(),
  verdict: z.enum(PROBE_VERDICTS),
  faults: z.array(z.object({ code: z.enum(PROBE_FAULTS), detail: z.string() })),
  steps: z.array(z.object({ name: z.enum(PROBE_STEPS), ms: z.number(), status: z.number().nullable() })),
  /** Host and port that the media came from; null: it did not get so far. */
  server: z.string().nullable(),
  /** Milliseconds since 1970; null: no TLS. */
  certificateEndsAt: z.number().nullable(),
  watchedMs: z.number(),
  firstFrameMs: z.number().nullable(),
  stalls: z.number(),
  stallMs: z.number(),
  /** Media that the server left out. */
  lostMs: z.number(),
  delayMs: z.number().nullable(),
  kbps: z.number().nullable(),
  /** Longest times; null: not checked, or not decoded. */
  blackMs: z.number().nullable(),
  frozenMs: z.number().nullable(),
  silentMs: z.number().nullable(),
  /** How long the probe's own process stood still meanwhile; nothing of it counts as a stall. */
  lateMs: z.number(),
});
export type ProbeReport = z.infer<typeof probeReport>;
