/** Defines what the refusal of another RTMP server means: servers agree on few codes, so their words are read too. */
import type { JobProblem, JobProblemCode } from "../../contracts/jobs/job-report.ts";

export type ClientRefusal = {
  /** The command that was refused; null: what was carried out has ended. */
  readonly asked: "connect" | "createStream" | "play" | "publish" | null;
  /** Of the status; empty where the server gave none. `redirect`: the server names another one. */
  readonly code: string;
  /** Without secrets. */
  readonly description: string;
};

/** Codes that say everything. */
const CODES: { readonly [code: string]: JobProblemCode } = {
  redirect: "unsupported",
  "NetConnection.Connect.InvalidApp": "no-such-stream",
  "NetConnection.Connect.AppShutdown": "no-such-stream",
  "NetStream.Play.StreamNotFound": "no-such-stream",
  "NetStream.Play.FileNotFound": "no-such-stream",
  "NetStream.Publish.Denied": "bad-credential",
};
/** Words in the descriptions of Lectern, SRS, nginx-rtmp, Wowza, Adobe's server and large services. The first that fits counts. */
const WORDS: readonly (readonly [RegExp, JobProblemCode])[] = [
  [
    /need ?auth|auth(mod|failed|enticat|oriz)|nosuchuser|\b40[13]\b|denied|forbidden|bad-|credential|password|signature|token/i,
    "bad-credential",
  ],
  [/not[- ]?found|no[- ]such|unknown|does not exist|\b404\b/i, "no-such-stream"],
  [/already|publisher-present|in use|busy|duplicate/i, "publisher-present"],
  [/\bfull\b|too[- ]many|overload|draining|not-yet|limit/i, "unreachable"],
];

export function refusalProblem(refusal: ClientRefusal): JobProblem {
  const { asked, code, description } = refusal;
  const said = [code, description].filter((part) => part !== "").join(": ");
  const action = asked === null ? "The server ended the stream" : `The server refused ${asked}`;
  return { code: problemCode(refusal), detail: said === "" ? `${action}.` : `${action}: ${said}` };
}

function problemCode({ asked, code, description }: ClientRefusal): JobProblemCode {
  if (asked === null) return "ended";
  // A server that refuses without a reason does not let this client in.
  return CODES[code] ?? WORDS.find(([words]) => words.test(description))?.[1] ?? "bad-credential";
}
