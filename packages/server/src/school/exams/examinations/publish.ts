/**
 * Publishes an examination: freezes its paper with the solutions, and encrypts what candidates get as one package (`packages/exam/README.md`). The key stays in the
 * database, encrypted, until the workers give it out at the start.
 */
import { randomBytes } from "node:crypto";
import {
  type AuthoredPaper,
  concealOrders,
  filesOf,
  LIMITS,
  type PaperFile,
  paperOf,
  type TimedSection,
  timedSections,
} from "@lectern/exam";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { encryptedPackage } from "../package-cipher.ts";
import { assertPaper } from "../papers/assert-paper.ts";

export type Publishing = {
  readonly storedSecrets: Pick<StoredSecrets, "encrypt">;
  /** What the paper named before the transaction, which does not wait for a disk. */
  readonly files: readonly PaperFile[];
};

/** @throws RefusalError conflict, bad-request */
export async function publishExam(change: Change, { storedSecrets, files }: Publishing, exam: Exam, now: Date): Promise<Exam> {
  const { trx } = change;
  if (exam.published_at) throw new RefusalError("conflict", examText("published-already"));
  if (exam.closes_at <= now) throw new RefusalError("conflict", examText("closes-in-the-past"));
  if (exam.paper_id === null) throw new RefusalError("conflict", examText("no-paper-chosen"));
  const papers = trx.selectFrom("exam_papers").select("content").where("id", "=", exam.paper_id);
  const { content } = await papers.executeTakeFirstOrThrow();
  assertPaper(content);
  const named = namedFiles(content, files);
  const paper = concealOrders(content, randomBytes(4).readUInt32BE());
  const given = paperOf(paper);
  const { key, bytes, hash } = encryptedPackage(given, named);
  const stored = await trx
    .insertInto("exam_packages")
    .values({
      exam_id: exam.id,
      paper: json<AuthoredPaper>(paper),
      hash,
      bytes,
      secret_key: storedSecrets.encrypt("exam_packages", exam.id, key),
    })
    // Somebody else publishes it at this moment.
    .onConflict((conflict) => conflict.doNothing())
    .returning("exam_id")
    .executeTakeFirst();
  if (!stored) throw new RefusalError("conflict", examText("published-already"));
  const timed = timedSections(given);
  const sections = timed.length > 0 ? { timed_sections: json<readonly TimedSection[]>(timed) } : {};
  return await updateRow(change, "exams", exam, { published_at: now, ...sections });
}

/** Those that the paper names. @throws RefusalError bad-request, where one is no more, or all are too large together */
function namedFiles(content: AuthoredPaper, files: readonly PaperFile[]): readonly PaperFile[] {
  const ids = filesOf(content);
  const named = files.filter(({ id }) => ids.has(id));
  if (named.length < ids.size) throw new RefusalError("bad-request", examText("paper-file-missing"));
  const bytes = named.reduce((sum, file) => sum + file.bytes.length, 0);
  if (bytes > LIMITS.paperFileBytes)
    throw new RefusalError("bad-request", examText("paper-files-too-large", { max: LIMITS.paperFileBytes / (1024 * 1024) }));
  return named;
}
