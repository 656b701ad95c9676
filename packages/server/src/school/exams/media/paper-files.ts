/**
 * Stores pictures and sound of papers among the files of materials, each encrypted by a key of its own as the files of answers are (`files/exam-files.ts`), and reads
 * those that a paper names when it is published. What nothing names any more goes with a later file.
 */
import { filesOf, LIMITS, type PaperFile } from "@lectern/exam";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import type { ExamPaper, ExamPaperFile } from "../../foundation/store/exam-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { checkFreeSpace } from "../../lessons/materials/free-space.ts";
import type { MaterialStore } from "../../lessons/materials/material-store.ts";
import { paperSoundContent, photoContent } from "../files/answer-content.ts";
import { cryptPiece, newFileKey } from "../files/file-cipher.ts";
import { deleteBytes } from "../files/file-removals.ts";
import { newPartId } from "../papers/paper-content.ts";

export type PaperFilesOptions = {
  readonly db: Database;
  readonly storedSecrets: Pick<StoredSecrets, "encrypt" | "decrypt">;
  readonly materials: Pick<MaterialStore, "self" | "write" | "readOriginal" | "settle" | "freeBytes">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** A file is stored before the paper that names it is saved. */
const UNUSED_MS = 24 * 60 * 60_000;

export type AddedFile = { readonly file: ExamPaperFile; readonly content: NonNullable<ReturnType<typeof contentOf>> };

export class PaperFiles {
  private readonly options: PaperFilesOptions;

  constructor(options: PaperFilesOptions) {
    this.options = options;
  }

  /** @throws RefusalError exam-file-unfit, exam-files-full, too-large, disk-full, storage-away */
  async add(paper: Pick<ExamPaper, "id">, bytes: Buffer): Promise<AddedFile> {
    const { db, materials, storedSecrets } = this.options;
    const content = contentOf(bytes);
    if (!content) throw new RefusalError("exam-file-unfit", examText("paper-file-unfit"));
    const max = "width" in content ? LIMITS.pictureBytes : LIMITS.soundBytes;
    if (bytes.length > max) throw new RefusalError("too-large", examText("file-too-large", { max }));
    await checkFreeSpace(materials, bytes.length);
    const [stored_id, key] = [newId(), newFileKey()];
    const node = await this.write(stored_id, cryptPiece(key, 0, bytes));
    const secret_key = storedSecrets.encrypt("exam_paper_files", stored_id, key);
    const row = { id: newPartId(), paper_id: paper.id, size: bytes.length, type: content.type, stored_id, node, secret_key };
    try {
      const file = await db.transaction().execute((trx) => this.insert(trx, row));
      return { file, content };
    } catch (error) {
      await deleteBytes(db, { stored_id, node });
      throw error;
    }
  }

  /** The bytes of a file; null: there is none. @throws RefusalError storage-away */
  async read(paperId: string, id: string): Promise<{ readonly file: ExamPaperFile; readonly bytes: Buffer } | null> {
    const files = this.options.db.selectFrom("exam_paper_files").selectAll().where("paper_id", "=", paperId);
    const file = await files.where("id", "=", id).executeTakeFirst();
    return file ? { file, bytes: await this.bytesOf(file) } : null;
  }

  /** Those that a paper names, in the order of their ids. Files that it names and does not have are left out. @throws RefusalError storage-away */
  async readAll({ id, content }: Pick<ExamPaper, "id" | "content">): Promise<readonly PaperFile[]> {
    const named = [...filesOf(content)];
    if (named.length === 0) return [];
    const files = this.options.db.selectFrom("exam_paper_files").selectAll().where("paper_id", "=", id);
    const rows = await files.where("id", "in", named).orderBy("id").execute();
    const read: PaperFile[] = [];
    // One after the other: a paper may have 16 MiB.
    for (const row of rows) read.push({ id: row.id, type: row.type, bytes: new Uint8Array(await this.bytesOf(row)) });
    return read;
  }

  private async write(storedId: string, encrypted: Buffer): Promise<string | null> {
    const { materials } = this.options;
    try {
      await materials.write(materials.self, storedId, 0, encrypted);
      return await materials.settle(materials.self, storedId, encrypted);
    } catch (error) {
      const refusal = new RefusalError("storage-away");
      refusal.cause = error;
      throw refusal;
    }
  }

  private async insert(trx: Db, row: Omit<ExamPaperFile, "created_at">): Promise<ExamPaperFile> {
    // One after the other, so that many at once do not pass the limit.
    const papers = trx.selectFrom("exam_papers").select("content").where("id", "=", row.paper_id);
    const { content } = await papers.forNoKeyUpdate().executeTakeFirstOrThrow();
    const named = [...filesOf(content)];
    await trx
      .deleteFrom("exam_paper_files")
      .where("paper_id", "=", row.paper_id)
      .where("created_at", "<", new Date(this.options.now() - UNUSED_MS))
      .$if(named.length > 0, (query) => query.where("id", "not in", named))
      .execute();
    const files = trx.selectFrom("exam_paper_files").select("id").where("paper_id", "=", row.paper_id);
    if ((await files.execute()).length >= LIMITS.paperFiles)
      throw new RefusalError("exam-files-full", examText("paper-files-full"));
    return await trx.insertInto("exam_paper_files").values(row).returningAll().executeTakeFirstOrThrow();
  }

  private async bytesOf({ stored_id, secret_key, node, size }: ExamPaperFile): Promise<Buffer> {
    const { materials, storedSecrets } = this.options;
    const key = storedSecrets.decrypt("exam_paper_files", stored_id, secret_key);
    const encrypted = key === null ? null : await materials.readOriginal(node, stored_id).catch(() => null);
    if (key === null || encrypted?.length !== size) throw new RefusalError("storage-away");
    return cryptPiece(key, 0, encrypted);
  }
}

function contentOf(bytes: Buffer) {
  return photoContent(bytes) ?? paperSoundContent(bytes);
}
