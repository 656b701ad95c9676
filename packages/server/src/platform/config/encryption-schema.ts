/** Defines the schema of `encryption`: what of people is encrypted on disks, and where the server's secrets come from. */
import { z } from "zod";

export const encryptionSchema = z
  .strictObject({
    /** Whether the data of people is encrypted in the database, and recordings in their files: docs/security.md says what exactly. */
    atRest: z.boolean().default(false),
    /** A program and its arguments, which wraps and unwraps the server's secret with a key of its own; empty: the secret is in dataDir as it is. */
    kmsCommand: z.array(z.string().min(1)).max(32).default([]),
    /** The program must answer within this. */
    kmsSeconds: z.number().min(1).max(120).default(10),
  })
  .prefault({});

export type EncryptionSettings = z.output<typeof encryptionSchema>;
