/** Provides the addresses of a stream to which browsers publish. */
import type { PublisherRole } from "./publisher-types.ts";

export type StreamAddresses = { readonly whip: string; readonly webSocket: string; readonly probe: string };

const ROLE_PARAMETERS: Readonly<Record<PublisherRole, Readonly<Record<string, string>>>> = {
  main: {},
  standby: { backup: "1" },
  takeover: { takeover: "1" },
};

/** @param address `https://HOST/APP/NAME` @param key publish key */
export function streamAddresses(address: string, key: string, role: PublisherRole = "main"): StreamAddresses {
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, "");
  const secret = new URLSearchParams({ key });
  const socket = `${url.protocol === "http:" ? "ws:" : "wss:"}//${url.host}${path}/publish`;
  const ofRole = new URLSearchParams(ROLE_PARAMETERS[role]);
  const whip = `${url.origin}${path}/whip${ofRole.size > 0 ? `?${ofRole}` : ""}`;
  return {
    whip,
    webSocket: `${socket}?${new URLSearchParams({ key, ...ROLE_PARAMETERS[role] })}`,
    probe: `${socket}/probe?${secret}`,
  };
}
