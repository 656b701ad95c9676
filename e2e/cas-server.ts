/** Runs a small CAS 3.0 server for tests: it signs in the account that the address names, and validates each service ticket once, for its service. */
import { randomBytes } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

type Ticket = { readonly account: string; readonly service: string; readonly renewed: boolean };

export type CasServer = {
  readonly origin: string;
  /** Before `/login`. */
  readonly address: string;
  /** The attributes of each account; of several values as several elements. */
  readonly accounts: Map<string, Readonly<Record<string, string | readonly string[]>>>;
  /** The queries of validations. */
  readonly validated: URLSearchParams[];
  /** Answers to validations instead of the server. */
  forge: ((response: ServerResponse, ticket: Ticket | undefined) => void) | null;
  /** Goes to the address as a browser would. @returns the address to which it then goes */
  readonly visit: (address: string, account: string) => URL;
  readonly stop: () => void;
};

/** @param host by which browsers know it: `localhost` is another site than 127.0.0.1 */
export async function startCasServer(t: TestContext, host = "127.0.0.1"): Promise<CasServer> {
  const tickets = new Map<string, Ticket>();
  const issue = (ticket: Ticket): string => {
    const name = `ST-1-${randomBytes(12).toString("hex")}-cas`;
    tickets.set(name, ticket);
    return name;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", origin);
    if (url.pathname === "/cas/login") {
      const [account = ""] = cas.accounts.keys();
      return void response.writeHead(302, { location: cas.visit(url.href, account).href }).end();
    }
    if (url.pathname !== "/cas/p3/serviceValidate") return void response.writeHead(404).end();
    cas.validated.push(url.searchParams);
    const name = url.searchParams.get("ticket") ?? "";
    const ticket = tickets.get(name);
    tickets.delete(name);
    if (cas.forge) return cas.forge(response, ticket);
    if (!ticket) return answer(response, failure("INVALID_TICKET", `Ticket ${name} not recognized`));
    if (ticket.service !== url.searchParams.get("service")) return answer(response, failure("INVALID_SERVICE", "another service"));
    if (url.searchParams.get("renew") === "true" && !ticket.renewed)
      return answer(response, failure("INVALID_TICKET", "not renewed"));
    answer(response, success(ticket.account, cas.accounts.get(ticket.account) ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  const cas: CasServer = {
    origin,
    address: `${origin}/cas`,
    accounts: new Map(),
    validated: [],
    forge: null,
    visit: (address, account) => {
      const { searchParams } = new URL(address);
      const back = new URL(searchParams.get("service") ?? "");
      const ticket = issue({ account, service: back.href, renewed: searchParams.get("renew") === "true" });
      back.searchParams.set("ticket", ticket);
      return back;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  t.after(cas.stop);
  return cas;
}

export function answer(response: ServerResponse, content: string): void {
  response
    .setHeader("content-type", "application/xml;charset=UTF-8")
    .end(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">\n  ${content}\n</cas:serviceResponse>\n`);
}

export function success(user: string, attributes: Readonly<Record<string, string | readonly string[]>>): string {
  const elements = Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value) => `<cas:${name}>${value}</cas:${name}>`),
  );
  return `<cas:authenticationSuccess><cas:user>${user}</cas:user><cas:attributes>${elements.join("")}</cas:attributes></cas:authenticationSuccess>`;
}

export function failure(code: string, words: string): string {
  return `<cas:authenticationFailure code="${code}">${words}</cas:authenticationFailure>`;
}
