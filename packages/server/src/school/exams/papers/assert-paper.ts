/** Refuses a paper that cannot be asked, with each of its mistakes. */
import { type AuthoredPaper, checkPaper } from "@lectern/exam";
import { RefusalError } from "../../../platform/api/server.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";

/** More are the same mistake again and again. */
const MAX_MISTAKES = 100;

/** @throws RefusalError bad-request */
export function assertPaper(paper: AuthoredPaper): void {
  const errors = checkPaper(paper);
  if (errors.length === 0) return;
  const mistakes = errors.slice(0, MAX_MISTAKES).map(({ path, code }) => ({ path, message: examText(`error-${code}`) }));
  throw new RefusalError(new Refusal("bad-request", examText("paper-mistakes", { count: errors.length }), mistakes));
}
