/** Passes requests for cameras on to the control process at which the device has registered: this node's, or another one's. */
import type { CameraMessages } from "../../live/gb28181/camera-messages.ts";
import type { NodeContext } from "./node-context.ts";

/** A recorder may take so long to open the camera behind it. */
const WITHIN_MS = 30_000;

export function cameraHandlers({ control, cluster }: Pick<NodeContext, "control" | "cluster">): CameraMessages {
  return {
    camera: async (request) => {
      const own = await control().call("camera", request, WITHIN_MS);
      if (own) return own;
      const others = await cluster.askOthers("camera", request);
      return others.find((answer) => answer !== null) ?? null;
    },
  };
}

export function cameraNodeHandlers({ control }: Pick<NodeContext, "control">): CameraMessages {
  return { camera: (request) => control().call("camera", request, WITHIN_MS) };
}
