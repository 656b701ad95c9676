/**
 * Refuses requests with a method that their address does not have: 405 with `Allow` (RFC 9110, sections 15.5.6 and 10.2.1). It knows the addresses in
 * a tree of its own: to register every other method of every address as a route took longer than to register the routes.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { RefusalError } from "./server.ts";

/** A part of addresses, by what may follow it: a word, `:` for a parameter, `*` for the rest. */
type Part = { readonly next: Map<string, Part>; readonly methods: Set<string> };

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const PARAMETER = ":";
const REST = "*";

const newPart = (): Part => ({ next: new Map(), methods: new Set() });

/** The parts of a route's address. Those with the same parts and other names of parameters are one. */
const partsOf = (url: string): string[] => url.split("/").map((part) => part.replace(/^:.*/, PARAMETER));

/** What the router would find, which prefers words to parameters, if it had only the addresses that count. */
function find(from: Part, parts: readonly string[], counts: (part: Part) => boolean): Part | null {
  const [first, ...others] = parts;
  if (first === undefined) return counts(from) ? from : null;
  const rest = from.next.get(REST);
  for (const next of [from.next.get(first), from.next.get(PARAMETER)]) {
    const found = next && find(next, others, counts);
    if (found) return found;
  }
  return rest && counts(rest) ? rest : null;
}

/** Adds the methods of all addresses that a request for these parts fits: of its own, and of those with a parameter. */
function addMethods(from: Part, parts: readonly string[], taken: Set<string>): void {
  const [first, ...others] = parts;
  const isEnd = first === undefined;
  for (const method of (isEnd ? from : from.next.get(REST))?.methods ?? []) taken.add(method);
  if (isEnd) return;
  const words = first === PARAMETER ? [PARAMETER] : [first, PARAMETER];
  for (const next of words.map((word) => from.next.get(word))) if (next) addMethods(next, others, taken);
}

/** The parts of a request's address; null: it is no URL. */
function partsOfRequest(url: string): string[] | null {
  try {
    return (url.split("?", 1)[0] ?? "").split("/").map(decodeURIComponent);
  } catch {
    return null;
  }
}

/**
 * Refuses from here on the methods that an address lacks, and answers OPTIONS. The function that it returns is called once, after the routes are
 * registered: it refuses the methods of an address that another one, with a parameter, would take.
 */
export function noteMethods(app: FastifyInstance): () => void {
  const root = newPart();
  const addresses = new Map<string, Part>();
  let isDone = false;
  app.addHook("onRoute", ({ url, method }) => {
    if (isDone) return;
    let part = root;
    for (const name of partsOf(url)) {
      const next = part.next.get(name) ?? newPart();
      part.next.set(name, next);
      part = next;
    }
    for (const one of [method].flat()) part.methods.add(one);
    addresses.set(url, part);
  });
  // Before the body is read: whatever it is, it is not for this address.
  app.addHook("onRequest", async (request, reply) => {
    if (!request.is404) return;
    const parts = partsOfRequest(request.url);
    const found = parts && find(root, parts, ({ methods }) => methods.size > 0);
    if (!found) return;
    if (request.method === "OPTIONS") return reply.status(204).header("allow", allowOf(found)).send();
    return refuse(found)(request, reply);
  });
  return () => {
    isDone = true;
    for (const [url, part] of addresses) {
      const taken = new Set<string>();
      addMethods(root, partsOf(url), taken);
      const methods = METHODS.filter((method) => !part.methods.has(method) && taken.has(method));
      if (methods.length > 0)
        app.route({ method: methods, url, exposeHeadRoute: false, onRequest: refuse(part), handler: () => {} });
    }
  };
}

/** Refuses with the methods that the address has. */
function refuse(part: Part) {
  return async (_request: FastifyRequest, reply: FastifyReply): Promise<never> => {
    reply.header("allow", allowOf(part));
    throw new RefusalError("method-not-allowed");
  };
}

function allowOf({ methods }: Part): string {
  return [...new Set([...methods, "OPTIONS"])].toSorted().join(", ");
}
