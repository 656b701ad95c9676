/** Provides the keys of encrypted recorded files by the configuration in force. */
import { type FileKeys, fileKeys } from "../../library/files/file-keys.ts";
import type { Config } from "../../platform/config/schema.ts";

export function keysOfFiles(config: () => Config): FileKeys {
  return fileKeys({ atRest: () => config().encryption.atRest, secrets: () => config().secrets.encryption });
}
