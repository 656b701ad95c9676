/** Lists the API routes of papers and examinations, and creates what several of them share. */
import type { ApiRoute } from "../access/route.ts";
import { entranceRoutes } from "./exams/attempts/entrance-routes.ts";
import { attemptRoutes } from "./exams/attempts/routes.ts";
import type { ExamContext } from "./exams/exam-context.ts";
import { examinationRoutes } from "./exams/examinations/routes.ts";
import { fileRoutes } from "./exams/files/file-routes.ts";
import { FrozenPapers } from "./exams/grading/frozen-papers.ts";
import { markingRoutes } from "./exams/grading/marking-routes.ts";
import { regradeRoutes } from "./exams/grading/regrade-routes.ts";
import { assignmentRoutes } from "./exams/marking/assignment-routes.ts";
import { commentRoutes } from "./exams/marking/comments-routes.ts";
import { planRoutes } from "./exams/marking/plan-routes.ts";
import { progressRoutes } from "./exams/marking/progress-routes.ts";
import { paperFileRoutes } from "./exams/media/paper-file-routes.ts";
import { ownExamsRoute } from "./exams/own/own-exams-route.ts";
import { paperRoutes } from "./exams/papers/routes.ts";
import { Analyses } from "./exams/results/analyses.ts";
import { analysisRoute } from "./exams/results/analysis-route.ts";
import { csvRoute } from "./exams/results/csv-route.ts";
import { resultRoute } from "./exams/results/result-route.ts";
import { scoringServiceRoutes } from "./exams/scoring/service-routes.ts";
import { actRoutes } from "./exams/supervision/act-routes.ts";
import { groupRoutes } from "./exams/supervision/group-routes.ts";
import { publishRoute } from "./exams/supervision/publish-route.ts";
import { talkRoutes } from "./exams/supervision/talk-routes.ts";
import { wallRoutes } from "./exams/supervision/wall-routes.ts";
import { WallStates } from "./exams/supervision/wall-state.ts";
import { wrongAnswerRoutes } from "./exams/wrong-answers/routes.ts";

export function examRoutes(context: ExamContext): ApiRoute[] {
  const papers = new FrozenPapers();
  const walls = new WallStates(context.db);
  return [
    ...paperRoutes(context),
    ...paperFileRoutes(context),
    ...examinationRoutes(context),
    ...entranceRoutes(context),
    ownExamsRoute(context),
    ...attemptRoutes(context),
    publishRoute(context),
    ...groupRoutes(context),
    ...wallRoutes(context, walls),
    ...actRoutes(context, walls),
    ...talkRoutes(context),
    ...markingRoutes(context, papers),
    ...planRoutes(context, papers),
    ...assignmentRoutes(context, papers),
    ...progressRoutes(context, papers),
    ...commentRoutes(context),
    ...scoringServiceRoutes(context),
    ...regradeRoutes(context),
    ...fileRoutes(context),
    resultRoute(context, papers),
    ...wrongAnswerRoutes(context),
    csvRoute(context, papers),
    analysisRoute(context, new Analyses(context.db, papers, context.log)),
  ];
}
