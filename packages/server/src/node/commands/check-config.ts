/** Runs `lectern config check FILE`: every mistake with its line. */
import { ConfigError, loadConfig } from "../../platform/config/load.ts";

export function checkConfig(file: string): number {
  try {
    loadConfig({ file, env: {}, set: [] });
    process.stdout.write(`${file}: no mistakes\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
