/** Defines what the routes of LTI need. */
import type { AccountContext } from "../../people/accounts/account-context.ts";
import type { Signatures } from "./signatures.ts";
import type { ToolKeys } from "./tool-keys.ts";

export type LtiContext = AccountContext & {
  readonly signatures: Signatures;
  readonly toolKeys: ToolKeys;
  /** Encrypts what browsers keep between two requests. */
  readonly flowSecret: () => string;
};
