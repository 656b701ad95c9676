/** The last door: proxies everything that is left to the control process. */
import { Counter, type Registry } from "prom-client";
import type { Door } from "../../live/http/door.ts";
import type { ControlRoute, Forwarder } from "./forwarder.ts";

export function controlDoor(forwarder: Forwarder, routeFor: (path: string) => ControlRoute): Door<true> {
  return {
    name: "control",
    match: () => true,
    handle: (request, response) => forwarder.pass(request, response, routeFor(request.address.path)),
    upgrade: (request, socket, head) => forwarder.passUpgrade(request, socket, head, routeFor(request.address.path)),
    metrics: (registry) => {
      countOf(
        registry,
        "lectern_control_requests_total",
        "Requests that were passed to the control process",
        () => forwarder.passed,
      );
      countOf(
        registry,
        "lectern_public_answers_total",
        "Requests without a credential that got the control process's answer to another one",
        () => forwarder.publicCount,
      );
    },
    close: () => forwarder.close(),
  };
}

function countOf(registry: Registry, name: string, help: string, total: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(total());
    },
  });
}
