/** Provides the end of a test's process in which libdatachannel runs. */
import { wholeFile } from "./fixtures.ts";

/** What was said last is written by then. */
const EXIT_MS = 1000;

/**
 * Its threads keep the process of the test alive, and its own `cleanup` hangs or crashes once the other side of a connection is gone. Node's runner
 * has heard of every test by then.
 */
export function endWithThreads(): void {
  wholeFile.after(() => void setTimeout(() => process.exit(), EXIT_MS));
}
