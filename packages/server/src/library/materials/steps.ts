/** Provides the steps of a conversion that run in the sandbox, and what their failures mean. Paths are those of the sandbox: /job is the job's folder. */
import { MaterialFailure } from "./problem.ts";
import { BACKGROUND, runInSandbox, type SandboxJob, type SandboxPriority, type SandboxRun } from "./sandbox.ts";

/** Exit codes of a shell for a program that it does not find, and of a program that aborts itself. */
const NOT_FOUND = [126, 127];
const ABORTED = 128 + 6;
const OUT_OF_MEMORY =
  /out of memory|bad_alloc|cannot allocate memory|memory exhausted|resource temporarily unavailable|failed to create thread/i;
const NO_ROOM = /no space left on device|file too large|disk quota exceeded/i;
/** Of pdfinfo, for a PDF without pages. */
const NO_PAGES = /after the last page \(0\)/;
const WRONG_PASSWORD = /incorrect password/i;
/** A conversion that was killed from outside is tried again. */
export class Interrupted extends Error {}

type StepOptions = {
  /** Gets each line of the standard output. Default: nobody does. */
  readonly onLine?: (line: string) => void;
  /** Default: that of programs in the background. */
  readonly priority?: SandboxPriority;
};

/** Runs a step. @throws MaterialFailure; Interrupted, where something else than this process has killed it */
export async function runStep(
  job: SandboxJob,
  command: readonly string[],
  { onLine = () => {}, priority = BACKGROUND }: StepOptions = {},
): Promise<SandboxRun> {
  const run = await runInSandbox(job, command, onLine, priority);
  if (run.stopped === "given-up" || run.stopped === "interrupted") throw new Interrupted(run.stopped);
  if (run.stopped !== null) throw new MaterialFailure(run.stopped, command.join(" ").slice(0, 200));
  if (run.code === 0) return run;
  const said = run.stderr.trim().slice(-500);
  if (run.code !== null && NOT_FOUND.includes(run.code)) throw new MaterialFailure("converter-missing", said);
  if (OUT_OF_MEMORY.test(said) || run.code === ABORTED) throw new MaterialFailure("memory-limit", said);
  if (NO_ROOM.test(said)) throw new MaterialFailure("too-large", said);
  if (NO_PAGES.test(said)) throw new MaterialFailure("nothing-in-it", said);
  if (WRONG_PASSWORD.test(said)) throw new MaterialFailure("password", said);
  throw new MaterialFailure("damaged", said || `exit code ${run.code}`);
}
