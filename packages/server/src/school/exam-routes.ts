/** Lists the API routes of papers and examinations, and creates what several of them share. */
import type { ApiRoute } from "../access/route.ts";
import { entranceRoutes } from "./exams/attempts/entrance-routes.ts";
import { attemptRoutes } from "./exams/attempts/routes.ts";
import type { ExamContext } from "./exams/exam-context.ts";
import { examinationRoutes } from "./exams/examinations/routes.ts";
import { FrozenPapers } from "./exams/grading/frozen-papers.ts";
import { markingRoutes } from "./exams/grading/marking-routes.ts";
import { regradeRoutes } from "./exams/grading/regrade-routes.ts";
import { ownExamsRoute } from "./exams/own/own-exams-route.ts";
import { paperRoutes } from "./exams/papers/routes.ts";
import { Analyses } from "./exams/results/analyses.ts";
import { analysisRoute } from "./exams/results/analysis-route.ts";
import { csvRoute } from "./exams/results/csv-route.ts";
import { resultRoute } from "./exams/results/result-route.ts";
import { wrongAnswerRoutes } from "./exams/wrong-answers/routes.ts";

export function examRoutes(context: ExamContext): ApiRoute[] {
  const papers = new FrozenPapers();
  return [
    ...paperRoutes(context),
    ...examinationRoutes(context),
    ...entranceRoutes(context),
    ownExamsRoute(context),
    ...attemptRoutes(context),
    ...markingRoutes(context, papers),
    ...regradeRoutes(context),
    resultRoute(context, papers),
    ...wrongAnswerRoutes(context),
    csvRoute(context, papers),
    analysisRoute(context, new Analyses(context.db, papers, context.log)),
  ];
}
