/** Defines the schema of `webrtc`: publishing by WHIP and watching by WHEP. */
import { z } from "zod";

export const webRtcSchema = z
  .strictObject({
    /** UDP, of the first media worker; each further worker has the next one. 0 takes any that are free. */
    port: z.number().int().min(0).max(65535).default(8189),
    /** Where clients reach this machine, if its own addresses are others: the ports must lead here. */
    publicAddresses: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .max(8)
      .default([]),
    /** Viewers of this node by WHEP, shared among its media workers; others are told to watch by FLV or HLS. 0: none. */
    maxViewers: z.number().int().min(0).max(100_000).default(600),
    /** Sessions of a media worker, publishers and viewers together. 0: none. */
    maxSessions: z.number().int().min(0).max(100_000).default(1000),
    /** Of those, from one address: a school has one. */
    maxPerAddress: z.number().int().min(1).default(500),
    /** Of those, not connected yet, and the same from one address. */
    maxHalfOpen: z.number().int().min(1).default(256),
    maxHalfOpenPerAddress: z.number().int().min(1).default(64),
    /** A session that is not connected after so long is closed. */
    connectSeconds: z.number().min(1).max(60).default(10),
    /** Servers that pass packets on where clients cannot send them here: docs/webrtc.md. */
    turn: z
      .strictObject({
        /** turn:turn.school.example:3478?transport=udp; also turns: and stun: */
        urls: z
          .array(z.string().regex(/^(?:stuns?|turns?):[^\s<>"]{1,255}$/, "is not an address of a TURN server"))
          .max(8)
          .default([]),
        /** coturn's static-auth-secret; empty: the servers ask for none. */
        secret: z.string().default(""),
        /** How long the credentials of a client are valid. */
        ttlSeconds: z.number().int().min(60).max(604_800).default(43_200),
      })
      .prefault({}),
  })
  .prefault({});
