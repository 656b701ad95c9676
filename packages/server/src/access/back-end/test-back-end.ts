/** Makes rules of kind `back-end`, and a cache with a back end and a clock that tests drive. */
import type { Clock } from "../../platform/clock.ts";
import type { BackEndRule } from "../policies/access-policy.ts";
import { AnswerCache } from "./answer-cache.ts";
import type { EncodedQuestion } from "./back-end-question.ts";

export function backEndRule(over: Partial<BackEndRule> = {}): BackEndRule {
  return {
    kind: "back-end",
    for: "play",
    combine: "add",
    mode: "enforce",
    locked: false,
    url: "https://auth.test/",
    method: "POST",
    sends: ["query", "ip", "referer", "userAgent", "stream", "protocol"],
    cacheSeconds: 60,
    refusedCacheSeconds: 10,
    timeoutMs: 2000,
    onFailure: "refuse",
    secret: "",
    ...over,
  };
}

/** A back end whose answers a test gives. */
export function drivenBackEnd() {
  let now = 1000;
  let refusals = 0;
  const timers = new Set<{ readonly at: number; readonly call: () => void }>();
  const asked: { readonly question: EncodedQuestion; readonly answer: (status: number | null) => void }[] = [];
  const clock: Clock = {
    monotonic: () => now,
    utc: () => now,
    longestHold: () => 0,
    after: (milliseconds, call) => {
      const timer = { at: now + milliseconds, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const cache = new AnswerCache({
    post: (question) =>
      new Promise((resolve) => {
        asked.push({
          question,
          answer: (status) =>
            resolve({ status, reason: status === null ? "nobody there" : `status ${status}`, closed: Promise.resolve() }),
        });
      }),
    allowPrivate: () => false,
    onRefused: () => refusals++,
    onAnswer: () => {},
    clock,
  });
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.call();
  };
  return { cache, asked, pass, refusals: () => refusals };
}

/** Lets promises that are resolved do what waits for them. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
