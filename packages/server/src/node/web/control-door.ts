/** Provides the last door: proxies everything that is left to the control process, where no measure against the address holds it up. */
import { Counter, type Registry } from "prom-client";
import type { Door } from "../../live/http/door.ts";
import { type MediaRequest, type MediaResponse, writableOf } from "../../live/http/media-request.ts";
import { sendRefusal } from "../../live/http/responses.ts";
import { refuseOnSocket } from "../../live/http/socket-refusal.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { ControlRoute, Forwarder } from "./forwarder.ts";
import type { ProtectionGate } from "./protection-gate.ts";

/** Decides whether requests pass at once. */
export type Gate = Pick<ProtectionGate, "check" | "metrics">;

/** @param gate default: all pass */
export function controlDoor(forwarder: Forwarder, routeFor: (path: string) => ControlRoute, gate: Gate | null = null): Door<true> {
  const pass = (request: MediaRequest, response: MediaResponse): void =>
    forwarder.pass(request, response, routeFor(request.address.path));
  return {
    name: "control",
    match: () => true,
    handle: (request, response) => {
      const verdict = gate?.check(request) ?? null;
      if (verdict === null) return pass(request, response);
      if (verdict instanceof Refusal) return sendRefusal(request, response, verdict);
      void verdict.then((refusal) => {
        // The client may have left meanwhile.
        if (writableOf(response).destroyed) return;
        if (refusal) sendRefusal(request, response, refusal);
        else pass(request, response);
      });
    },
    upgrade: (request, socket, head) => {
      const verdict = gate?.check(request) ?? null;
      // No page opens a WebSocket to the control process: those of an address under a measure do not wait.
      if (verdict === null) forwarder.passUpgrade(request, socket, head, routeFor(request.address.path));
      else refuseOnSocket(request, socket, verdict instanceof Refusal ? verdict : new Refusal("too-many").after(1));
    },
    metrics: (registry) => {
      gate?.metrics(registry);
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
