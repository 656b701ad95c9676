/** Runs `lectern config check FILE`: every mistake with its line, and what will go. */
import { ConfigError, loadConfig } from "../../platform/config/load.ts";
import { DEPRECATIONS } from "../deprecations.ts";
import { keysInUse, keysOf } from "./configured-keys.ts";

export function checkConfig(file: string): number {
  try {
    loadConfig({ file, env: {}, set: [] });
    for (const { name, until, instead } of keysInUse(DEPRECATIONS, keysOf({ file, set: [] })))
      process.stdout.write(`${file}: ${name} works up to ${until} at least: ${instead}\n`);
    process.stdout.write(`${file}: no mistakes\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
