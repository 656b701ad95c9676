/** Finds the address at which a phone in the same network reaches this server, or says why there is none. */
import { existsSync } from "node:fs";
import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { publicOrigin } from "../../platform/public-origin.ts";

/** Interfaces of containers and virtual machines: nothing outside of this machine reaches their addresses. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|cali|podman|lxc|utun|tailscale)/;

export type PhoneAddress = { readonly url: string } | { readonly missing: string };

type Reached = {
  /** `http.publicUrl`; empty: none. */
  readonly publicUrl: string;
  /** That the server listens at. */
  readonly host: string;
  readonly port: number;
  readonly interfaces?: ReturnType<typeof networkInterfaces>;
  readonly isContainer?: boolean;
};

export function phoneAddress({
  publicUrl,
  host,
  port,
  interfaces = networkInterfaces(),
  isContainer = existsSync("/.dockerenv") || existsSync("/run/.containerenv"),
}: Reached): PhoneAddress {
  if (publicUrl !== "") return { url: publicOrigin(publicUrl) };
  const isAll = host === "0.0.0.0" || host === "::" || host === "";
  if (!isAll && isLoopback(host))
    return { missing: `phones cannot reach this server: it listens at ${host} only; set http.host to 0.0.0.0` };
  if (!isAll) return { url: urlOf(host, port) };
  if (isContainer)
    return { missing: "phones need the address of this machine, which a container does not know; set http.publicUrl" };
  const address = lanAddress(interfaces);
  if (address === null) return { missing: "phones cannot reach this server: this machine has no address in a network" };
  return { url: urlOf(address, port) };
}

/** An address of IPv4 is the one that a phone in the same network has a way to. */
function lanAddress(interfaces: ReturnType<typeof networkInterfaces>): string | null {
  for (const [name, addresses = []] of Object.entries(interfaces)) {
    if (VIRTUAL.test(name)) continue;
    const found = addresses.find(
      ({ family, internal, address }) => family === "IPv4" && !internal && !address.startsWith("169.254."),
    );
    if (found) return found.address;
  }
  return null;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function urlOf(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
