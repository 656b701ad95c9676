/** Checks a paper as a teacher wrote it: bounds, ids, and whether solutions fit their questions. An examination freezes only a paper without errors. */
import { checkQuestion } from "./check-question.ts";
import { canDraw, unitsOf } from "./draw.ts";
import { isId, LIMITS } from "./limits.ts";
import type { AuthoredPaper, AuthoredSection } from "./paper.ts";
import { checkCount, checkId, checkText, type PaperError, type Report, within } from "./paper-errors.ts";
import { checkMedia } from "./paper-media.ts";

/** Ids are unique in the whole paper, of each kind of thing. */
type KnownIds = { readonly sections: Set<string>; readonly passages: Set<string>; readonly questions: Set<string> };

/** Of a paper whose fields have their types; none: it can be asked. */
export function checkPaper({ title, instruction, sections }: AuthoredPaper): readonly PaperError[] {
  const errors: PaperError[] = [];
  const report: Report = (path, code) => errors.push({ path, code });
  checkText(report, "title", title, LIMITS.titleLetters, true);
  checkText(report, "instruction", instruction, LIMITS.textLetters);
  checkCount(report, "sections", sections.length, 1, LIMITS.sections);
  if (sections.reduce((sum, { questions }) => sum + questions.length, 0) > LIMITS.questions) report("", "too-many");
  const known: KnownIds = { sections: new Set(), passages: new Set(), questions: new Set() };
  for (const [i, section] of sections.entries()) checkSection(within(within(report, "sections"), i), section, known);
  return errors;
}

function checkSection(report: Report, section: AuthoredSection, known: KnownIds): void {
  const { id, title, instruction, passages, questions } = section;
  checkId(report, "id", id, known.sections, isId(id));
  checkText(report, "title", title, LIMITS.titleLetters);
  checkText(report, "instruction", instruction, LIMITS.textLetters);
  checkCount(report, "passages", passages.length, 0, LIMITS.passages);
  for (const [i, passage] of passages.entries()) {
    const at = within(within(report, "passages"), i);
    checkId(at, "id", passage.id, known.passages, isId(passage.id));
    checkText(at, "title", passage.title, LIMITS.titleLetters);
    checkText(at, "text", passage.text, LIMITS.textLetters, (passage.media ?? []).length === 0);
    checkMedia(at, passage);
  }
  checkCount(report, "questions", questions.length, 1, LIMITS.questions);
  const ownPassages = new Set(passages.map((passage) => passage.id));
  for (const [i, authored] of questions.entries()) {
    const at = within(within(report, "questions"), i);
    const { question } = authored;
    checkId(within(at, "question"), "id", question.id, known.questions, isId(question.id));
    if (question.passage !== undefined && !ownPassages.has(question.passage)) at("question.passage", "unknown-id");
    checkQuestion(at, authored);
  }
  checkDraw(report, section);
  const { minutes } = section;
  const isTime = minutes === undefined || (Number.isInteger(minutes) && minutes >= 1 && minutes <= LIMITS.sectionMinutes);
  if (!isTime) report("minutes", "out-of-range");
}

function checkDraw(report: Report, { draw, questions }: AuthoredSection): void {
  if (draw === undefined) return;
  if (!Number.isInteger(draw) || draw < 1 || draw > questions.length) {
    report("draw", "out-of-range");
    return;
  }
  if (draw === questions.length) return;
  const asked = questions.map(({ question }) => question);
  const sizes = unitsOf(asked).map(({ length }) => length);
  if (questions.length <= LIMITS.questions && !canDraw(sizes, draw)) report("draw", "draw-impossible");
  // Each candidate can reach the same points.
  if (new Set(asked.map(({ points }) => points)).size > 1) report("draw", "draw-of-unequal-points");
}
