/**
 * Counts coverage: it is loaded into each process of a run whose coverage is counted (`coverage.ts`): writes what was executed again and again, since
 * many processes are killed.
 */
import { takeCoverage } from "node:v8";

const EVERY_MS = 2000;

setInterval(takeCoverage, EVERY_MS).unref();
