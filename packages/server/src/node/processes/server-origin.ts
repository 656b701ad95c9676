/** Says where people reach the server: the address that the configuration names, or this machine's. */
import type { Config } from "../../platform/config/schema.ts";
import { publicOrigin } from "../../platform/public-origin.ts";

/** Without a slash at its end. */
export function serverOrigin({ publicUrl, port }: Pick<Config["http"], "publicUrl" | "port">): string {
  return publicOrigin(publicUrl) || `http://localhost:${port}`;
}
