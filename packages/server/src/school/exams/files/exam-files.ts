/**
 * Stores photos and recorded sound that answer questions, piece by piece: a piece is acknowledged once it is on the disk, a file once its hash is right, its content
 * is what the question asks for, and it is where it stays. The device names its files, and may send each piece again. The same rules as for answers say what is late.
 */
import type { Question } from "@lectern/exam";
import { LIMITS } from "@lectern/exam";
import type { SentPiece, StoredPiece } from "../../../contracts/exams/exam-messages.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import type { Logger } from "../../../platform/log.ts";
import { isDatabaseUnavailable, isUnstorable } from "../../../platform/store/database-errors.ts";
import type { ExamFile } from "../../foundation/store/exam-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { checkFreeSpace } from "../../lessons/materials/free-space.ts";
import type { MaterialStore } from "../../lessons/materials/material-store.ts";
import { readAttempts } from "../answers/attempt-states.ts";
import { verdictOnFile } from "../answers/section-times.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";
import { authoredQuestion } from "../grading/questions-to-mark.ts";
import { photoContent, soundContent } from "./answer-content.ts";
import { cryptPiece, hashOf, newFileKey } from "./file-cipher.ts";
import { deleteBytes } from "./file-removals.ts";

export type ExamFilesOptions = {
  readonly db: Database;
  readonly storedSecrets: Pick<StoredSecrets, "encrypt" | "decrypt">;
  readonly materials: Pick<MaterialStore, "self" | "isNodeUp" | "write" | "readOriginal" | "settle" | "freeBytes">;
  readonly papers: FrozenPapers;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Bytes are to be deleted. */
  readonly onRemoval: () => void;
};

/** Photos that were taken again count too. */
const MAX_OF_QUESTION = 3 * LIMITS.uploads;
const MAX_OF_ATTEMPT = 100;
const MAX_BYTES_OF_ATTEMPT = 256 * 1024 * 1024;
/** A recorder stops when its timer does. */
const TOLERATED_SECONDS = 5;

type WantedKind = { readonly kind: "photo" } | { readonly kind: "sound"; readonly maxSeconds: number };

export class ExamFiles {
  private readonly options: ExamFilesOptions;

  constructor(options: ExamFilesOptions) {
    this.options = options;
  }

  async take(piece: SentPiece): Promise<StoredPiece> {
    try {
      return await this.store(piece);
    } catch (error) {
      if (error instanceof RefusalError) return { refused: error.refusal.code };
      if (isDatabaseUnavailable(error)) return { refused: "database-away" };
      if (isUnstorable(error)) return { refused: "bad-request" };
      const code = error instanceof Error && "code" in error ? error.code : null;
      this.options.log.warn({ attempt: piece.attempt, reason: String(error) }, "piece of an answer's file not stored");
      return { refused: code === "ENOSPC" || code === "EDQUOT" ? "disk-full" : "storage-away" };
    }
  }

  /** The bytes of a file that is stored. Null: they are missing, or were changed. */
  async read(file: ExamFile): Promise<Buffer | null> {
    return (await this.open(file))?.bytes ?? null;
  }

  private async store(piece: SentPiece): Promise<StoredPiece> {
    const { db, now } = this.options;
    const attempt = (await readAttempts(db, [piece.attempt], false)).get(piece.attempt);
    if (attempt?.exam !== piece.exam || piece.seat > attempt.seat) throw new RefusalError("exam-attempt-unknown");
    if (piece.seat < attempt.seat) throw new RefusalError("exam-seat-taken");
    const known = await this.find(piece);
    const { endsAt } = attempt;
    if (known?.stored_at) return { received: known.size, isStored: true, endsAt };
    if (now() < attempt.opensAt) throw new RefusalError("exam-not-started");
    const { question } = known ?? piece;
    const verdict = verdictOnFile(attempt, question, known?.taken_at.getTime() ?? piece.takenAt, now(), known !== undefined);
    if (verdict === "refused" || verdict === "section-over") throw new RefusalError("exam-ended");
    const wanted = await this.kindOf(piece);
    const file = await this.reachable(known ?? (await this.create(piece, wanted)));
    if (file.size !== piece.size || file.hash !== piece.hash || file.question !== piece.question)
      throw new RefusalError("conflict");
    const received = await this.write(file, piece);
    if (received < file.size) return { received, isStored: false, endsAt };
    return await this.finish(file, wanted, verdict === "late", endsAt);
  }

  private async find({ attempt, file }: Pick<SentPiece, "attempt" | "file">): Promise<ExamFile | undefined> {
    return await this.options.db
      .selectFrom("exam_files")
      .selectAll()
      .where("attempt_id", "=", attempt)
      .where("id", "=", file)
      .executeTakeFirst();
  }

  /** @throws RefusalError exam-file-unfit, where the question takes no file */
  private async kindOf({ exam, question }: SentPiece): Promise<WantedKind> {
    const { db, papers } = this.options;
    const wanted = kindOfQuestion(authoredQuestion(await papers.paperOf(db, exam), question)?.question);
    if (!wanted) throw new RefusalError("exam-file-unfit");
    return wanted;
  }

  /** @throws RefusalError too-large, exam-files-full, disk-full */
  private async create(piece: SentPiece, wanted: WantedKind): Promise<ExamFile> {
    const { db, materials } = this.options;
    if (piece.size > (wanted.kind === "photo" ? LIMITS.photoBytes : LIMITS.soundBytes)) throw new RefusalError("too-large");
    await checkFreeSpace(materials, piece.size);
    return await db.transaction().execute(async (trx) => {
      // One after the other, so that many at once do not pass the limit.
      await trx.selectFrom("exam_attempts").select("id").where("id", "=", piece.attempt).forNoKeyUpdate().execute();
      const rows = await trx.selectFrom("exam_files").selectAll().where("attempt_id", "=", piece.attempt).execute();
      const same = rows.find(({ id }) => id === piece.file);
      if (same) return same;
      const bytes = rows.reduce((sum, { size }) => sum + size, piece.size);
      const ofQuestion = rows.filter(({ question }) => question === piece.question).length;
      if (ofQuestion >= MAX_OF_QUESTION || rows.length >= MAX_OF_ATTEMPT || bytes > MAX_BYTES_OF_ATTEMPT)
        throw new RefusalError("exam-files-full");
      const { attempt: attempt_id, file: id, question, size, hash, takenAt } = piece;
      const row = { attempt_id, id, question, size, hash, taken_at: new Date(takenAt), ...this.newPlace() };
      return await trx.insertInto("exam_files").values(row).returningAll().executeTakeFirstOrThrow();
    });
  }

  private newPlace() {
    const stored_id = newId();
    const secret_key = this.options.storedSecrets.encrypt("exam_files", stored_id, newFileKey());
    return { stored_id, secret_key, node: this.options.materials.self };
  }

  /** What is half there at a node that cannot be reached begins again here. */
  private async reachable(file: ExamFile): Promise<ExamFile> {
    const { node } = file;
    return node === null || this.options.materials.isNodeUp(node) ? file : await this.restart(file);
  }

  private async restart(file: ExamFile): Promise<ExamFile> {
    const { db, onRemoval } = this.options;
    const changed = await db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable("exam_files")
        .set({ ...this.newPlace(), received: 0 })
        .where("stored_id", "=", file.stored_id)
        .where("stored_at", "is", null)
        .returningAll()
        .executeTakeFirst();
      if (row) await deleteBytes(trx, file);
      return row;
    });
    // Another request may have begun it again already.
    const now = changed ?? (await this.find({ attempt: file.attempt_id, file: file.id }));
    if (!now) throw new RefusalError("exam-attempt-unknown");
    if (changed) onRemoval();
    return now;
  }

  /** @returns how much of the file is stored */
  private async write(file: ExamFile, { offset, base64 }: SentPiece): Promise<number> {
    const { db, materials } = this.options;
    const bytes = Buffer.from(base64, "base64");
    if (offset !== file.received || bytes.length === 0 || file.node === null) return file.received;
    const end = offset + bytes.length;
    if (end > file.size) throw new RefusalError("too-large");
    await materials.write(file.node, file.stored_id, offset, cryptPiece(this.keyOf(file), offset, bytes));
    const counted = await db
      .updateTable("exam_files")
      .set({ received: end })
      .where("stored_id", "=", file.stored_id)
      .where("received", "=", offset)
      .returning("id")
      .executeTakeFirst();
    if (counted) return end;
    const now = await this.find({ attempt: file.attempt_id, file: file.id });
    if (now) return now.stored_id === file.stored_id ? now.received : 0;
    // The attempt was deleted meanwhile.
    await deleteBytes(db, file);
    throw new RefusalError("exam-attempt-unknown");
  }

  /** All bytes are here: they are checked, and moved to where they stay. */
  private async finish(file: ExamFile, wanted: WantedKind, isLate: boolean, endsAt: number | null): Promise<StoredPiece> {
    const { db, materials, now, onRemoval } = this.options;
    if (file.node === null) throw new RefusalError("storage-away");
    const opened = await this.open(file);
    if (!opened) {
      const { received } = await this.restart(file);
      return { received, isStored: false, endsAt };
    }
    const content = contentOf(opened.bytes, wanted);
    if (!content) {
      await db.deleteFrom("exam_files").where("stored_id", "=", file.stored_id).execute();
      onRemoval();
      throw new RefusalError("exam-file-unfit");
    }
    const node = await materials.settle(file.node, file.stored_id, opened.encrypted);
    await db
      .updateTable("exam_files")
      .set({ ...content, node, is_late: isLate, stored_at: new Date(now()) })
      .where("stored_id", "=", file.stored_id)
      .execute();
    return { received: file.size, isStored: true, endsAt };
  }

  /** Null: bytes are missing, or were changed. */
  private async open(file: ExamFile): Promise<{ readonly encrypted: Buffer; readonly bytes: Buffer } | null> {
    const encrypted = await this.options.materials.readOriginal(file.node, file.stored_id);
    const bytes = encrypted && cryptPiece(this.keyOf(file), 0, encrypted);
    return bytes && bytes.length === file.size && hashOf(bytes) === file.hash ? { encrypted, bytes } : null;
  }

  /** @throws RefusalError storage-away, where no secret of this server decrypts it */
  private keyOf({ stored_id, secret_key }: ExamFile): string {
    const key = this.options.storedSecrets.decrypt("exam_files", stored_id, secret_key);
    if (key === null) throw new RefusalError("storage-away");
    return key;
  }
}

function kindOfQuestion(question: Question | undefined): WantedKind | null {
  if (question?.kind === "speaking") return { kind: "sound", maxSeconds: question.maxSeconds };
  return question?.kind === "essay" && question.form === "photos" ? { kind: "photo" } : null;
}

function contentOf(bytes: Buffer, wanted: WantedKind) {
  if (wanted.kind === "photo") return photoContent(bytes);
  const sound = soundContent(bytes);
  return sound && sound.seconds <= wanted.maxSeconds + TOLERATED_SECONDS ? sound : null;
}
