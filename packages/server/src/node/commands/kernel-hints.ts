/** Prints the kernel settings that are not as a busy server wants them, one per line. For `script/up`. */
import { readFileSync } from "node:fs";
import { KERNEL_SETTINGS, settingPath } from "./kernel-settings.ts";

for (const { name, isFine } of KERNEL_SETTINGS) {
  try {
    if (!isFine(readFileSync(settingPath(name), "utf8").trim())) process.stdout.write(`${name}\n`);
  } catch {
    // A kernel that does not have the setting has nothing to be advised on.
  }
}
