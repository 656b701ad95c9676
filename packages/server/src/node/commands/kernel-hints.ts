/** Prints the kernel settings that differ from the recommendation, one per line, for `script/up`. */
import { readFileSync } from "node:fs";
import { KERNEL_SETTINGS, settingPath } from "./kernel-settings.ts";

for (const { name, isFine } of KERNEL_SETTINGS) {
  try {
    if (!isFine(readFileSync(settingPath(name), "utf8").trim())) process.stdout.write(`${name}\n`);
  } catch {
    // This kernel does not have the setting.
  }
}
