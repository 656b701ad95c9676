/** Checks for `lectern doctor` what lets somebody act as an operator: a password alone, and the operator's token of the environment. */
import { endOf } from "../../access/credentials/operator-token.ts";
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
      what: `operators need no second factor (operators.secondFactor is false), and others than this machine reach the server (http.host: ${host})`,
      fix: "remove operators.secondFactor: false, and set operators.allowedNetworks to the networks that operators use (docs/sign-on.md)",
    },
  ];
}

const RENEW = "set a new LECTERN_ADMIN_TOKEN and a later operators.token.expires, and restart";

/** @param token LECTERN_ADMIN_TOKEN @param now milliseconds since 1970 */
export function checkOperatorToken({ operators }: Pick<Config, "operators">, token: string | undefined, now: number): Finding[] {
  if (!token) return [];
  const { expires, allowedNetworks } = operators.token;
  const findings: Finding[] = [];
  if (expires === "")
    findings.push({
      state: "advice",
      what: "LECTERN_ADMIN_TOKEN has no end",
      fix: "set operators.token.expires, such as to a year from now (docs/security.md)",
    });
  else {
    const { state, daysLeft } = endOf(expires, now);
    const what = `LECTERN_ADMIN_TOKEN is good for ${daysLeft} days, until ${expires}`;
    if (state === "over") findings.push({ state: "bad", what: `LECTERN_ADMIN_TOKEN has expired, ${expires}`, fix: RENEW });
    else findings.push(state === "near" ? { state: "advice", what, fix: RENEW } : { state: "good", what });
  }
  if (allowedNetworks.length === 0 && operators.allowedNetworks.length === 0)
    findings.push({
      state: "advice",
      what: "LECTERN_ADMIN_TOKEN may come from every address",
      fix: "set operators.token.allowedNetworks to the addresses of the programs that use it (docs/security.md)",
    });
  return findings;
}
