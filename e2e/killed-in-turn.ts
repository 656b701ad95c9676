/** Kills the processes of a server one after the other, and the server, which starts again with its data, while a test goes on with its work. */
import { childrenOf, type Lectern, type Scope, startLectern, until } from "./lectern.ts";

/**
 * @param at the server that the work is done at, which is another one at the end
 * @param progress until the work has gone on
 */
export async function killInTurn(
  t: Scope,
  server: Awaited<ReturnType<typeof startLectern>>,
  at: { lectern: Pick<Lectern, "http"> },
  progress: (after: string) => Promise<void>,
): Promise<void> {
  for (const child of childrenOf(server.process.pid)) {
    process.kill(child, "SIGKILL");
    await progress("after a killed process");
  }
  server.process.kill("SIGKILL");
  await server.exited;
  at.lectern = await until(() => startLectern(t, { workers: "1", dataDir: server.directory }).catch(() => null), "the server");
  await progress("after a killed supervisor");
}
