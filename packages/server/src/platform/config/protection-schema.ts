/** Defines the schema of `protection`: measures against addresses that abuse the service. */
import { z } from "zod";

export const protectionSchema = z
  .strictObject({
    /** watch: measures are told of, and not taken. off: nothing is counted. */
    mode: z.enum(["enforce", "watch", "off"]).default("enforce"),
    /**
     * Addresses and networks against which none is taken. This machine's own, by default: a reverse proxy on it that `trustedProxies` does not name
     * stands for all clients.
     */
    allowedNetworks: z.array(z.string()).default(["127.0.0.1", "::1"]),
  })
  .prefault({});
