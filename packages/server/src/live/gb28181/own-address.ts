/** Determines which of this machine's addresses another one reaches it by: that of the network interface on the way there. */
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

/** Sends nothing. Null: there is no way there. */
export function ownAddressTowards(host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    const end = (address: string | null): void => {
      socket.close();
      resolve(address);
    };
    socket.once("error", () => end(null));
    // Any port: a datagram socket that is connected knows its address.
    socket.connect(9, host, () => end(socket.address().address));
  });
}
