/** Defines the schema of `srt`: publishing and watching by SRT. */
import { z } from "zod";

export const srtSchema = z
  .strictObject({
    host: z.string().min(1).default("0.0.0.0"),
    /** UDP, one for all streams. 0: off */
    port: z.number().int().min(0).max(65535).default(0),
    /** Clients encrypt with it, by AES with keys of 128, 192 or 256 bits as they choose. Empty: nothing is encrypted. */
    passphrase: z
      .string()
      .regex(/^(?:.{10,79})?$/s, "has 10 to 79 characters")
      .default(""),
    /** Packets are kept so long, so that lost ones can be sent again; a client that asks for more gets it. */
    latencyMs: z.number().int().min(20).max(8000).default(200),
  })
  .prefault({});
