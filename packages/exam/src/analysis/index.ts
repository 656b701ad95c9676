/** Opens the analysis of examinations. Start with `item-analysis.ts`. */
export { type ChoiceCount, GROUPS } from "./choice-counts.ts";
export { type Distribution, type PointTotal, type Rank, ranker } from "./distribution.ts";
export { type ItemAnalysis, ItemAnalyzer, itemAnalysis, type Reliability } from "./item-analysis.ts";
export type { ItemFigures } from "./item-figures.ts";
export { REVISE_LIMITS, REVISE_RULES, type ReviseRule } from "./revise.ts";
export { type MeanShare, RunningStandings, type Standings } from "./standings.ts";
