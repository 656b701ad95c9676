/** Lists the API routes of papers and examinations. */
import type { ApiRoute } from "../../access/route.ts";
import { entranceRoutes } from "./attempts/entrance-routes.ts";
import { attemptRoutes } from "./attempts/routes.ts";
import type { ExamContext } from "./examinations/exam-context.ts";
import { examinationRoutes } from "./examinations/routes.ts";
import { FrozenPapers } from "./grading/frozen-papers.ts";
import { markingRoutes } from "./grading/marking-routes.ts";
import { regradeRoutes } from "./grading/regrade-routes.ts";
import { paperRoutes } from "./papers/routes.ts";
import { Analyses } from "./results/analyses.ts";
import { analysisRoute } from "./results/analysis-route.ts";
import { csvRoute } from "./results/csv-route.ts";
import { resultRoute } from "./results/result-route.ts";

export function examRoutes(context: ExamContext): ApiRoute[] {
  const papers = new FrozenPapers();
  return [
    ...paperRoutes(context),
    ...examinationRoutes(context),
    ...entranceRoutes(context),
    ...attemptRoutes(context),
    ...markingRoutes(context, papers),
    ...regradeRoutes(context),
    resultRoute(context, papers),
    csvRoute(context, papers),
    analysisRoute(context, new Analyses(context.db, papers, context.log)),
  ];
}
