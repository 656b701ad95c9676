/** Provides the back ends that rules of policies ask, in a media worker and for explanations. Their HTTP client is loaded with the first question. */
import { AnswerCache } from "../../access/back-end/answer-cache.ts";
import { SessionFacts } from "../../access/back-end/session-facts.ts";
import { BackEnds } from "../../access/back-ends.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import { LogThrottle } from "../../platform/log-throttle.ts";
import type { WorkerContext } from "./worker-context.ts";

export type WorkerBackEnds = { readonly backEnds: BackEnds; readonly sessions: SessionFacts };

/** A session that another worker issued is looked up within this. */
const SESSION_WITHIN_MS = 2000;

/** @param review ends what is open and not allowed any more */
export function openBackEnds({ config, log, supervisor, metrics }: WorkerContext, review: () => void): WorkerBackEnds {
  const sessions = new SessionFacts({
    note: (session, told) => supervisor.tell("noteSession", { session, told }),
    find: (session) => supervisor.call("sessionFacts", { session }, SESSION_WITHIN_MS),
  });
  const cache = answerCache(config, log, { onRefused: review, onAnswer: (kind) => metrics.backEndAnswered(kind) });
  return { backEnds: new BackEnds(cache, sessions), sessions };
}

/** The back ends of a process that admits nobody. */
export function explainedBackEnds(config: () => Config, log: Logger): BackEnds {
  return new BackEnds(answerCache(config, log, { onRefused: () => {}, onAnswer: () => {} }), null);
}

type Events = { readonly onRefused: () => void; readonly onAnswer: (kind: "allow" | "refuse" | "failed") => void };

function answerCache(config: () => Config, log: Logger, { onRefused, onAnswer }: Events): AnswerCache {
  const throttle = new LogThrottle(systemClock, (count) => log.warn({ count }, "back end failure log lines suppressed"));
  return new AnswerCache({
    post: async (question, options) => {
      const { postQuestion } = await import("../../access/back-end/post-question.ts");
      return await postQuestion(question, options);
    },
    allowPrivate: () => config().webhooks.allowPrivateNetworks,
    onRefused,
    onAnswer: ({ rule, owner }, { kind, about }) => {
      onAnswer(kind);
      const [url] = rule.url.split("?");
      if (kind === "failed" && throttle.allow()) log.warn({ url, owner, reason: about }, "back end failed");
    },
  });
}
