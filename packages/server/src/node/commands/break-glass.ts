/** Runs `lectern break-glass`, which makes an operator for an emergency on the running server, and prints its one-time password. */
import { userInfo } from "node:os";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { BREAK_GLASS_MINUTES } from "../../school/school.ts";
import { callServer } from "../ipc/admin-socket.ts";
import { UsageError } from "./start-refusal.ts";

/** @param minutes as it was typed; undefined: the usual time @param reason undefined: none was given */
export async function breakGlass(sources: ConfigSources, minutes: string | undefined, reason: string | undefined): Promise<number> {
  const { usual, least, most } = BREAK_GLASS_MINUTES;
  const lasts = minutes === undefined ? usual : Number(minutes);
  if (!Number.isInteger(lasts) || lasts < least || lasts > most) throw new UsageError(`--minutes is ${least} to ${most}`);
  // Who is behind `sudo`, where that was used.
  const madeBy = process.env["SUDO_USER"] ?? userInfo().username;
  const { dataDir } = loadConfig(sources);
  const made = await callServer(dataDir, "breakGlass", { minutes: lasts, reason: reason ?? "", madeBy });
  if (made === null) {
    process.stderr.write(
      "lectern: no server runs with this data directory. Start it first; where the password alone is lost, use lectern recover\n",
    );
    return 1;
  }
  process.stdout.write(`login: ${made.login}\npassword: ${made.password}\nvalid until: ${made.until}, for one sign-in\n`);
  return 0;
}
