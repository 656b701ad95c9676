/** Provides a configuration that may be shown: secrets are covered, and everything else is as it is. */
import { shownAddress } from "../shown-url.ts";
import type { Config } from "./schema.ts";

const COVER = "***";
/** Keys below which every text is a secret; of maps, the values. */
const SECRET_KEYS = new Set(["secret", "secrets", "passphrase", "password", "accessKeyId", "secretAccessKey", "headers"]);
/** `publish.keys` is a map of secrets by the stream's name. */
const SECRET_PATHS = new Set(["publish.keys"]);

export function coveredConfig(config: Config): unknown {
  return covered(config, "");
}

function covered(value: unknown, path: string, isSecret = false): unknown {
  if (typeof value === "string") return value === "" ? value : isSecret ? COVER : shownAddress(value);
  if (Array.isArray(value)) return value.map((item) => covered(item, path, isSecret));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const at = path === "" ? key : `${path}.${key}`;
      return [key, covered(inner, at, isSecret || SECRET_KEYS.has(key) || SECRET_PATHS.has(at))];
    }),
  );
}
