/** Provides chromium on a lab host, by itself or with the embedded player. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { CHROMIUM, launchBrowser } from "../../e2e/browser.ts";
import { until } from "../../e2e/lectern.ts";
import type { LabCluster } from "../netlab/lab-cluster.ts";
import type { LabHost } from "../netlab/network-lab.ts";

const STATE_WITHIN_MS = 30_000;

export type LabBrowser = {
  /** The host of the server that the player requested the stream from last. */
  readonly host: () => string;
  readonly untilLive: () => Promise<unknown>;
  /** Waits until playback stops and continues. @returns milliseconds until it continues */
  readonly reconnectTime: () => Promise<number>;
  readonly close: () => Promise<void>;
};

/** @param flags of Chromium, beside those of all tests */
export function launchOnHost(cluster: LabCluster, { name, namespace }: LabHost, flags: readonly string[] = []): Promise<Browser> {
  const program = join(cluster.directory, `chromium-${name}`);
  writeFileSync(program, `#!/bin/sh\nexec ip netns exec ${namespace} ${CHROMIUM} "$@"\n`);
  chmodSync(program, 0o755);
  return launchBrowser(program, flags);
}

/** @param node the host of the node that serves the page */
export async function openLabBrowser(cluster: LabCluster, host: LabHost, node: LabHost): Promise<LabBrowser> {
  const browser = await launchOnHost(cluster, host);
  const page = await (await browser.newContext()).newPage();
  let requested = "";
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^\/live\/x\.(flv|m3u8)/.test(url.pathname)) requested = cluster.nameOf(url.hostname);
  });
  await page.goto(`http://${node.address}:8080/embed/x?muted`);
  const state = () => page.evaluate("document.querySelector('lectern-player')?.state");
  const untilLive = () => until(async () => (await state()) === "live", "live playback", STATE_WITHIN_MS);
  await untilLive();
  return {
    host: () => requested,
    untilLive,
    reconnectTime: async () => {
      const begun = performance.now();
      await until(async () => (await state()) !== "live", "the end of playback", STATE_WITHIN_MS);
      await untilLive();
      return performance.now() - begun;
    },
    close: () => browser.close(),
  };
}
