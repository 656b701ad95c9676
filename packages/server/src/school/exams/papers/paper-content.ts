/** Changes the content of a paper: new parts, and how a change is stored. */
import type { AuthoredPaper, AuthoredSection } from "@lectern/exam";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { ExamPaper } from "../../foundation/store/exam-tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { sizeOf } from "./content.ts";

/** Unique in any paper. */
export function newPartId(): string {
  return newId().toLowerCase();
}

export function emptySection(): AuthoredSection {
  return { id: newPartId(), title: "", instruction: "", passages: [], isShuffled: false, areOptionsShuffled: false, questions: [] };
}

export async function saveContent(change: Change, before: ExamPaper, content: AuthoredPaper, verb: string): Promise<ExamPaper> {
  const size = sizeOf(content);
  const after = await updateRow(change, "exam_papers", before, { content: json(content), ...size });
  const target = { schoolId: before.school_id, targetKind: "exam-paper", targetId: before.id };
  await change.audit({ action: `exam-paper.${verb}`, ...target, before: { questions: before.questions }, after: size });
  return after;
}
