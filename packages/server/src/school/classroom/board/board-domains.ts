/** Lists the domains of the board, which share the pages of each lesson. */
import type { Db } from "../../foundation/store/tables.ts";
import type { Domain } from "../domain.ts";
import { LessonBoard } from "./lesson-board.ts";
import { type BoardContext, pageDomain } from "./page-domain.ts";
import { laserDomain, strokeDomain } from "./stroke-domain.ts";

export function boardDomains(db: Db, context: BoardContext): Domain[] {
  const boards = new Map<string, LessonBoard>();
  const boardOf = (lessonId: string): LessonBoard => {
    const known = boards.get(lessonId) ?? new LessonBoard(lessonId);
    boards.set(lessonId, known);
    return known;
  };
  const forget = (lessonId: string): void => void boards.delete(lessonId);
  return [pageDomain(context, boardOf) as Domain, strokeDomain(db, boardOf, forget) as Domain, laserDomain() as Domain];
}
