/** Checks for `lectern doctor` whether a stolen password is enough to act as an operator. */
import { AddressSet } from "../../platform/address.ts";
import type { Config } from "../../platform/config/schema.ts";

/** bad: the server does not work. advice: it works less well than it could. */
export type Finding = { readonly state: "good" | "advice" | "bad"; readonly what: string; readonly fix?: string };

const LOOPBACK = new AddressSet(["127.0.0.0/8", "::1"]);

/** Nothing to say where only this machine reaches the server, or where the node has no accounts. */
export function checkOperators({ http: { host }, operators, roles }: Pick<Config, "http" | "operators" | "roles">): Finding[] {
  if (host === "localhost" || LOOPBACK.has(host) || (roles.length > 0 && !roles.includes("control"))) return [];
  if (operators.secondFactor) return [{ state: "good", what: "operators need a second factor" }];
  return [
    {
      state: "advice",
      what: `operators need no second factor, and others than this machine reach the server (http.host: ${host})`,
      fix: "set operators.secondFactor to true, and operators.allowedNetworks to the networks that operators use (docs/sign-on.md)",
    },
  ];
}
