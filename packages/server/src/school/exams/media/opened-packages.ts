/** Opens packages of published papers for people who work with an examination, and keeps the last ones: the paper that teachers wrote may be another, or no more. */
import type { PaperFile } from "@lectern/exam";
import { RecentMap } from "../../../platform/recent-map.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { decryptedPackage } from "../package-cipher.ts";

/** Each may have 16 MiB. */
const MAX_KEPT = 2;

export class OpenedPackages {
  private readonly storedSecrets: Pick<StoredSecrets, "decrypt">;
  private readonly kept = new RecentMap<string, Promise<readonly PaperFile[]>>(MAX_KEPT);

  constructor(storedSecrets: Pick<StoredSecrets, "decrypt">) {
    this.storedSecrets = storedSecrets;
  }

  /** Null: the paper has no such file. */
  async fileOf(db: Db, examId: string, file: string): Promise<PaperFile | null> {
    const known = this.kept.get(examId);
    const opening = known ?? this.open(db, examId);
    if (!known) {
      this.kept.set(examId, opening);
      opening.catch(() => this.kept.delete(examId));
    }
    return (await opening).find(({ id }) => id === file) ?? null;
  }

  private async open(db: Db, examId: string): Promise<readonly PaperFile[]> {
    const packages = db.selectFrom("exam_packages").select(["bytes", "secret_key"]).where("exam_id", "=", examId);
    const row = await packages.executeTakeFirst();
    const key = row && this.storedSecrets.decrypt("exam_packages", examId, row.secret_key);
    if (!row || !key) return [];
    return decryptedPackage(key, row.bytes).files;
  }
}
