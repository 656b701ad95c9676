/** Defines the schema of `gb28181`: cameras and recorders that register by GB/T 28181. */
import { z } from "zod";

const DEVICE_ID = /^\d{20}$/;

export const gb28181Schema = z
  .strictObject({
    /** SIP, by UDP and TCP. 0: off. */
    port: z.number().int().min(0).max(65535).default(0),
    /** The code of this server, 20 digits, as devices have it in their settings. */
    id: z.union([z.literal(""), z.string().regex(DEVICE_ID, "is not 20 digits")]).default(""),
    /** The domain of the server; empty: the first ten digits of its code. */
    realm: z
      .string()
      .regex(/^[A-Za-z0-9._-]{0,64}$/, "is no domain")
      .default(""),
    /** Of devices whose own password is empty; empty: they cannot register. */
    password: z.string().max(128).default(""),
    /** By which devices prove their password. Few know sha-256. */
    digest: z.enum(["md5", "sha-256"]).default("md5"),
    /** Where devices reach this node, if its own addresses are others. */
    address: z.union([z.literal(""), z.ipv4(), z.ipv6()]).default(""),
    /** Lowest and highest port, UDP and TCP, for the pictures. */
    mediaPorts: z.tuple([z.number().int().min(1024).max(65535), z.number().int().min(1024).max(65535)]).default([30_000, 30_998]),
  })
  .refine(({ port, id }) => port === 0 || id !== "", { error: "needs the code of the server, 20 digits", path: ["id"] })
  .refine(({ mediaPorts: [low, high] }) => low <= high, { error: "has the lowest port first", path: ["mediaPorts"] })
  .prefault({});
