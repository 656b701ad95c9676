/** The dispatch centre of this node: which nodes there are, where people are, and who is sent where. */
import { Dispatcher, type DispatchRequest } from "../../network/dispatch/dispatcher.ts";
import { type LookUp, Places } from "../../network/dispatch/place.ts";
import type { Member } from "../../network/membership.ts";
import type { DispatchOptions, Sent } from "../../operations/dispatch.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { RtmpVisitor } from "../ipc/messages.ts";

export type Dispatch = Pick<DispatchOptions, "choose" | "explain"> & {
  /** All nodes, as they are at present. */
  /** Where somebody is to be sent who came by RTMP; null: nowhere else. */
  readonly betterRtmp: (of: RtmpVisitor & { readonly at: string }) => string | null;
  readonly update: (members: readonly Member[]) => void;
  readonly reload: (config: Config) => void;
};

/** One is held for the next playlist while another one fetches a part. */
const HLS_CONNECTIONS = 2;

/** @param self this node's name */
export function openDispatch(first: Config, self: string, lookUp: LookUp): Dispatch {
  const { cluster } = first;
  let { dispatch } = first;
  let places = new Places(dispatch, lookUp);
  const dispatcher = new Dispatcher(
    () => dispatch.costs,
    () => performance.now(),
  );
  const wishOf = ({ app, name, ip, to, protocol }: Sent): DispatchRequest => ({
    stream: `${app}/${name}`,
    mbps: dispatch.viewerMbps,
    connections: protocol === "hls" ? HLS_CONNECTIONS : 1,
    place: places.of(ip),
    to,
  });
  return {
    betterRtmp: ({ at, ...visitor }) => {
      const [best] = dispatcher.choose(wishOf({ ...visitor, name: "", protocol: "rtmp" }));
      return !best || best.node === at ? null : best.rtmp;
    },
    update: (members) => dispatcher.update(members),
    // By which address people reach this node, they have shown, unless it is configured.
    choose: (of) =>
      dispatcher
        .choose(wishOf(of))
        .map((one) => (one.node !== self ? one : { ...one, http: cluster.node.http, rtmp: cluster.node.rtmp })),
    explain: (of) => {
      const wish = wishOf(of);
      return { ...wish.place, nodes: dispatcher.explain(wish) };
    },
    reload: (next) => {
      dispatch = next.dispatch;
      places = new Places(dispatch, lookUp);
    },
  };
}
