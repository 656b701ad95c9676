/** Lists the messages by which a media worker asks for the picture of a camera that has registered at a control process, on whichever node. */
import type { MediaTransport } from "../../contracts/cameras/camera-account.ts";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";

export type CameraRequest =
  /** Where a device is. @property school of the source: it has to be the device's */
  | { readonly kind: "find"; readonly device: string; readonly school: string }
  | {
      readonly kind: "invite";
      readonly device: string;
      readonly channel: string;
      readonly school: string;
      /** Where the worker receives. */
      readonly host: string;
      readonly port: number;
    }
  /** The picture is still wanted: to be repeated, or else the device is told to stop. */
  | { readonly kind: "hold"; readonly session: string }
  | { readonly kind: "end"; readonly session: string };

export type CameraAnswer =
  | { readonly kind: "found"; readonly host: string; readonly transport: MediaTransport }
  /** The device sends, or waits at `host` and `port`. */
  | { readonly kind: "invited"; readonly session: string; readonly ssrc: number; readonly host: string; readonly port: number }
  | { readonly kind: "done" }
  | { readonly kind: "problem"; readonly problem: JobProblem };

/** Null: the device, or the session, is not at this control process. */
export type CameraMessages = { readonly camera: (request: CameraRequest) => Promise<CameraAnswer | null> };
