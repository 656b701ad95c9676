/** Refuses requests with a method that their address does not have: 405 with `Allow` (RFC 9110, sections 15.5.6 and 10.2.1). */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { RefusalError } from "./server.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Notes the routes that are registered from here on. The function that it returns refuses the methods which none of them has, and answers OPTIONS;
 * it is called once, after them. Addresses with the same pattern and other names of parameters are one.
 */
export function noteMethods(app: FastifyInstance): () => void {
  const noted = new Map<string, { readonly url: string; readonly methods: Set<string> }>();
  let isDone = false;
  app.addHook("onRoute", ({ url, method }) => {
    if (isDone) return;
    const pattern = url.replace(/:\w+/g, ":");
    const { methods } = noted.get(pattern) ?? { methods: new Set() };
    for (const one of [method].flat()) methods.add(one);
    noted.set(pattern, { url, methods });
  });
  return () => {
    isDone = true;
    for (const { url, methods } of noted.values()) {
      const allow = [...methods, "OPTIONS"].toSorted().join(", ");
      const others = METHODS.filter((method) => !methods.has(method));
      app.route({
        method: others,
        url,
        // Before the body is read: whatever it is, it is not for this address.
        onRequest: async (_request, reply) => {
          reply.header("allow", allow);
          throw new RefusalError("method-not-allowed");
        },
        handler: () => {},
      });
      if (methods.has("OPTIONS")) continue;
      const answer = async (_request: FastifyRequest, reply: FastifyReply) => reply.status(204).header("allow", allow).send();
      app.options(url, { onRequest: answer }, () => {});
    }
  };
}
