/** Provides the sandbox of uploaded files, as a component of the node: whether there is one, and what it does not keep programs from. */

import type { ComponentSample } from "../../contracts/monitoring/node-sample.ts";
import { missingProtection, probeSandbox, type SandboxMode } from "../../library/materials/sandbox.ts";

/** A node that has just started has other things to do; one that is over before is asked by nobody. */
const TRY_AFTER_MS = 60_000;

export class SandboxComponent {
  private readonly startedAt: number;
  private mode: Promise<SandboxMode | null> | null = null;
  private component: ComponentSample | null = null;

  /** @param now milliseconds of any clock */
  constructor(now: number) {
    this.startedAt = now;
  }

  /** Null: it was not tried yet. @param wanted `materials.sandbox` */
  take(wanted: "required" | "off", now: number, probe: () => Promise<SandboxMode | null> = probeSandbox): ComponentSample | null {
    if (wanted === "off") return describeSandbox("open");
    if (this.mode === null && now - this.startedAt >= TRY_AFTER_MS) {
      this.mode = probe();
      this.mode.then(
        (mode) => {
          this.component = describeSandbox(mode);
        },
        // What stood in the way may be gone the next time.
        () => {
          this.mode = null;
        },
      );
    }
    return this.component;
  }
}

export function describeSandbox(mode: SandboxMode | null): ComponentSample {
  const missing = missingProtection(mode);
  const detail = missing === "" ? "" : `${missing.charAt(0).toUpperCase()}${missing.slice(1)}.`;
  return {
    name: "sandbox",
    state: mode === null ? "degraded" : "up",
    latencyMs: null,
    detail: mode === null ? `Slides are not converted. ${detail}` : detail,
  };
}
