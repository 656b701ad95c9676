/** Provides the devices of this person, as React state. They are closed with the component. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { OwnMedia, type OwnMediaState } from "./own-media.ts";

export type OwnDevices = { readonly media: OwnMedia; readonly own: OwnMediaState };

/** @param isNeeded while false, nothing is open */
export function useOwnMedia(isNeeded: boolean): OwnDevices {
  // biome-ignore lint/correctness/useExhaustiveDependencies: who comes back begins with other devices
  const media = useMemo(() => new OwnMedia({ media: devicesOrNone() }), [isNeeded]);
  useEffect(() => () => media.close(), [media]);
  const own = useSyncExternalStore(media.subscribe, media.snapshot);
  return useMemo(() => ({ media, own }), [media, own]);
}

/** Pages without HTTPS have no devices, whatever the types say. */
function devicesOrNone(): MediaDevices {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const none = () => Promise.reject(new DOMException("no devices on this page", "NotFoundError"));
  return devices ?? ({ getUserMedia: none, getDisplayMedia: none } as unknown as MediaDevices);
}
