/** Finds examinations that candidates name, by code or id. Wrong codes count as failed attempts of the address, as those of lessons. */
import { addressOwner } from "../../../platform/address.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { ID } from "../../../platform/id.ts";
import { RateLimit } from "../../../platform/rate-limit.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { readCode } from "../../lessons/join-code.ts";
import { type Attempts, lockedRefusal } from "../../people/accounts/attempts.ts";

/** Wrong codes of an address that are counted in the database; more are refused without it. A class that mistypes together has room. */
const wrongCodes = new RateLimit({ burst: 60, perSecond: 2 });

export type CodeCounter = { readonly attempts: Attempts };

/** Published ones, of schools that are not archived. @throws RefusalError no-such-exam, too-many */
export async function findPublishedExam(db: Db, counter: CodeCounter, named: string, ip: string): Promise<Exam> {
  const code = ID.test(named) ? null : readCode(named);
  const published = db
    .selectFrom("exams")
    .innerJoin("schools", "schools.id", "exams.school_id")
    .selectAll("exams")
    .where("exams.published_at", "is not", null)
    .where("exams.deleted_at", "is", null)
    .where("schools.archived_at", "is", null);
  const one = ID.test(named) ? published.where("exams.id", "=", named) : published.where("exams.code", "=", code ?? "");
  const exam = ID.test(named) || code !== null ? await one.executeTakeFirst() : undefined;
  return exam ?? (await rejectCode(counter, ip, "no-such-exam"));
}

/** Counts a failed attempt. @throws RefusalError always */
export async function rejectCode({ attempts }: CodeCounter, ip: string, code: "no-such-exam" | "exam-code-wrong"): Promise<never> {
  const owner = addressOwner(ip);
  assertRate(wrongCodes, [owner]);
  const seconds = await attempts.count([{ kind: "code", subject: owner }]);
  throw seconds > 0 ? lockedRefusal(seconds) : new RefusalError(code);
}
