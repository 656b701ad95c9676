/** Starts the SIP server of GB/T 28181 in the control process, where the accounts of devices are, if the configuration has a port for it. */
import { Gauge, type Registry } from "prom-client";
import type { CameraAccounts } from "../../contracts/cameras/camera-account.ts";
import type { CameraMessages } from "../../live/gb28181/camera-messages.ts";
import { startCameraServer } from "../../live/gb28181/camera-server.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";

export type Cameras = CameraMessages & { readonly close: () => Promise<void> };

type CamerasOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly registry: Registry;
  readonly accounts: CameraAccounts;
};

const NONE: Cameras = { camera: async () => null, close: async () => {} };

export async function startCameras({ config, log, registry, accounts }: CamerasOptions): Promise<Cameras> {
  const { port, id, realm, digest, address } = config.gb28181;
  if (port === 0) return NONE;
  const server = await startCameraServer({
    settings: { host: config.http.host, port, id, realm, address, digest: digest === "md5" ? "MD5" : "SHA-256" },
    accounts,
    clock: systemClock,
    log,
  });
  const gauge = (name: string, help: string, count: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(count());
      },
    });
  gauge("lectern_gb28181_devices", "Cameras and recorders that are registered here by GB/T 28181", () => server.counts().devices);
  gauge("lectern_gb28181_calls", "Cameras that send by GB/T 28181 now, or are being called", () => server.counts().calls);
  return { camera: server.camera, close: server.close };
}
