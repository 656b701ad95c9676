/** Says how much memory this process's machine, or its container, has. */
import { totalmem } from "node:os";

/** Bytes of the machine's memory, or of the container's limit where that is less. */
export function machineMemory(): number {
  // 0 where the system does not tell; a very large number without a limit.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem();
}
