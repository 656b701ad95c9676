/** Defines what the routes of single sign-on need. */
import type { AccountContext } from "../accounts/account-context.ts";
import type { ProviderClient } from "./provider-client.ts";

export type SignOnContext = AccountContext & {
  readonly providers: ProviderClient;
  /** Encrypts the flows in people's browsers. */
  readonly flowSecret: () => string;
};
