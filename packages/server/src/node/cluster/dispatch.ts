/** Chooses nodes for viewers and publishers, from the members of the cluster and the places of addresses. */

import { ClientLocator } from "../../network/dispatch/client-location.ts";
import { Dispatcher, type DispatchRequest } from "../../network/dispatch/dispatcher.ts";
import type { Member } from "../../network/membership.ts";
import type { DispatchClient, DispatchOptions } from "../../operations/dispatch-routes.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { AddressLocation } from "../../platform/geoip/address-location.ts";

/** An RTMP client whose stream is not known yet, at a node. */
export type RtmpVisitor = { readonly app: string; readonly ip: string; readonly to: "play" | "publish"; readonly at: string };
/** Answered by the control process, also of another node: names and fields are on the wire. Null: the client stays. */
export type DispatchMessages = { readonly rtmpRedirectTarget: (of: RtmpVisitor) => Promise<string | null> };

export type Dispatch = Pick<DispatchOptions, "choose" | "explain"> & {
  /** The RTMP address of a better node than `at`; null: there is none. */
  readonly rtmpRedirectTarget: (of: RtmpVisitor) => string | null;
  /** Stores the current nodes. */
  readonly update: (members: readonly Member[]) => void;
  readonly reload: (config: Config) => void;
};

/** A player holds one for the next playlist, and fetches parts by another. */
const HLS_CONNECTIONS = 2;

/** @param self this node's name */
export function openDispatch(first: Config, self: string, locationOf: (ip: string) => AddressLocation): Dispatch {
  const { cluster } = first;
  let { dispatch } = first;
  let locator = new ClientLocator(dispatch, locationOf);
  const dispatcher = new Dispatcher(
    () => dispatch.costs,
    () => performance.now(),
  );
  const requestOf = ({ app, name, ip, to, protocol }: DispatchClient): DispatchRequest => ({
    stream: `${app}/${name}`,
    mbps: dispatch.viewerMbps,
    connections: protocol === "hls" ? HLS_CONNECTIONS : 1,
    location: locator.of(ip),
    to,
  });
  return {
    rtmpRedirectTarget: ({ at, ...visitor }) => {
      const [best] = dispatcher.choose(requestOf({ ...visitor, name: "", protocol: "rtmp" }));
      return !best || best.node === at ? null : best.rtmp;
    },
    update: (members) => dispatcher.update(members),
    // This node's address is the one that the client used, unless it is configured.
    choose: (of) =>
      dispatcher
        .choose(requestOf(of))
        .map((one) => (one.node !== self ? one : { ...one, http: cluster.node.http, rtmp: cluster.node.rtmp })),
    explain: (of) => {
      const request = requestOf(of);
      return { ...request.location, nodes: dispatcher.explain(request) };
    },
    reload: (next) => {
      dispatch = next.dispatch;
      locator = new ClientLocator(dispatch, locationOf);
    },
  };
}
