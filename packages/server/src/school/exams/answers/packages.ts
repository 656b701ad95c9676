/** Reads the encrypted packages of papers, and keeps the last ones: after a publication all workers of all nodes ask for the same. */
import type { ExamMessages } from "../../../contracts/exams/exam-messages.ts";
import type { Database } from "../../foundation/store/tables.ts";

type Package = Awaited<ReturnType<ExamMessages["examPackage"]>>;

const MAX_KEPT = 4;

export class ExamPackages {
  private readonly db: Database;
  private readonly kept = new Map<string, Promise<Package>>();

  constructor(db: Database) {
    this.db = db;
  }

  find(exam: string, hash: string): Promise<Package> {
    const key = `${exam}/${hash}`;
    const known = this.kept.get(key);
    if (known) return known;
    const found = this.read(exam, hash);
    this.kept.set(key, found);
    const forget = (): void => {
      if (this.kept.get(key) === found) this.kept.delete(key);
    };
    found.then((value) => value === null && forget(), forget);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MAX_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return found;
  }

  private async read(exam: string, hash: string): Promise<Package> {
    const row = await this.db
      .selectFrom("exam_packages")
      .select("bytes")
      .where("exam_id", "=", exam)
      .where("hash", "=", hash)
      .executeTakeFirst();
    return row ? { bytes: Buffer.from(row.bytes).toString("base64") } : null;
  }
}
