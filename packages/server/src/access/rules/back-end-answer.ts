/** Defines what a back end has answered about a request. failed: it could not be asked, or answered with a 5xx. */
export type BackEndAnswer = {
  readonly kind: "allow" | "refuse" | "failed";
  /** For the report of the refusal: the status, or why there is none. */
  readonly about: string;
};

/** Every status but 2xx and 5xx refuses, redirects too: they may lead anywhere. @param status null: there is no answer */
export function answerOf(status: number | null, about: string): BackEndAnswer {
  const kind = status === null || status >= 500 ? "failed" : status >= 200 && status < 300 ? "allow" : "refuse";
  return { kind, about };
}
